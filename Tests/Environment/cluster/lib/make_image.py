#!/usr/bin/env python3
"""make_image.py OUT.tar NAME:TAG COMMAND... - an OCI image of Debian's static busybox, without a daemon or a registry.

COMMAND is what a container of the image runs by default.
"""

import gzip
import hashlib
import io
import json
import platform
import subprocess
import sys
import tarfile

BUSYBOX = "/bin/busybox"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
FOLDERS = ["bin", "dev", "etc", "home", "proc", "root", "run", "sys", "usr", "usr/bin", "var", "var/log"]
PASSWD = b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
GROUP = b"root:x:0:\nnogroup:x:65534:\n"


class Archive:
    """A tar archive that is the same for the same contents: no times, no owners."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.buffer, mode="w")

    def folder(self, name, mode=0o755):
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self.tar.addfile(entry)

    def file(self, name, contents, mode=0o644):
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(contents), mode
        self.tar.addfile(entry, io.BytesIO(contents))

    def link(self, name, target):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, target
        self.tar.addfile(entry)

    def contents(self):
        self.tar.close()
        return self.buffer.getvalue()


def root_file_system():
    layer = Archive()
    for name in FOLDERS:
        layer.folder(name)
    layer.folder("tmp", 0o1777)
    with open(BUSYBOX, "rb") as busybox:
        layer.file("bin/busybox", busybox.read(), 0o755)
    for applet in subprocess.check_output([BUSYBOX, "--list"], text=True).split():
        if applet != "busybox":
            layer.link(f"bin/{applet}", "busybox")
    layer.file("etc/passwd", PASSWD)
    layer.file("etc/group", GROUP)
    return layer.contents()


def digest(contents):
    return "sha256:" + hashlib.sha256(contents).hexdigest()


def descriptor(kind, contents, **more):
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": digest(contents), "size": len(contents), **more}


def main(out, name, *command):
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    files = root_file_system()
    layer = gzip.compress(files, mtime=0)
    config = json.dumps({
        "architecture": architecture,
        "os": "linux",
        "config": {"Env": ["PATH=/usr/bin:/bin"], "Cmd": list(command), "WorkingDir": "/"},
        "rootfs": {"type": "layers", "diff_ids": [digest(files)]},
    }).encode()
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("config.v1+json", config),
        "layers": [descriptor("layer.v1.tar+gzip", layer)],
    }).encode()
    index = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [descriptor(
            "manifest.v1+json", manifest,
            platform={"architecture": architecture, "os": "linux"},
            annotations={
                "io.containerd.image.name": name,
                "org.opencontainers.image.ref.name": name.rsplit(":", 1)[1],
            })],
    }).encode()

    image = Archive()
    image.file("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    image.file("index.json", index)
    for blob in (config, manifest, layer):
        image.file("blobs/sha256/" + digest(blob).removeprefix("sha256:"), blob)
    with open(out, "wb") as file:
        file.write(image.contents())


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
