"""Signing keys: made by openssl, handed over as JSON Web Keys (RFC 7517), and JWS signatures checked by openssl.

The provider takes JWKs only when it is to hold more than one key, which a rotation needs; openssl writes DER only.
Between the two lies the little DER reading below.
"""

import base64
import hashlib
import json
import subprocess
import tempfile


def generate(algorithm):
    """A new private key as a JWK for `RS256` or `ES256`. Its kid is its RFC 7638 thumbprint."""
    if algorithm == "RS256":
        der = _openssl("genrsa", "-traditional", "2048", outform="DER")
        _, n, e, d, p, q, dp, dq, qi = _integers(der)
        private = dict(kty="RSA", n=_number(n), e=_number(e), d=_number(d), p=_number(p), q=_number(q),
                       dp=_number(dp), dq=_number(dq), qi=_number(qi))
        required = ("e", "kty", "n")
    elif algorithm == "ES256":
        der = _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", outform="DER")
        fields = list(_elements(_elements(der)[0][1]))
        # ECPrivateKey (RFC 5915): version, privateKey OCTET STRING, [0] curve, [1] BIT STRING of 00 04 X Y
        d = fields[1][1]
        point = _elements(fields[3][1])[0][1][2:]
        private = dict(kty="EC", crv="P-256", x=_encode(point[:32]), y=_encode(point[32:]), d=_encode(d))
        required = ("crv", "kty", "x", "y")
    else:
        raise ValueError(f"no way to make a key for {algorithm}")
    thumbprint = json.dumps({name: private[name] for name in required}, sort_keys=True, separators=(",", ":"))
    kid = _encode(hashlib.sha256(thumbprint.encode()).digest())
    return dict(private, alg=algorithm, use="sig", kid=kid)


def claims_of(token):
    """A JWS's (header, claims), not verified."""
    header, claims, _ = token.split(".")
    return json.loads(_decode(header)), json.loads(_decode(claims))


def verify(token, key_set):
    """The claims of a JWS that a key of the set signed. Raises ValueError when none did."""
    header, claims = claims_of(token)
    key = next((key for key in key_set["keys"] if key.get("kid") == header.get("kid")), None)
    if key is None:
        raise ValueError(f"no key {header.get('kid')} in the key set")
    signed, _, signature = token.rpartition(".")
    signature = _decode(signature)
    if header["alg"] == "ES256":
        # JWS carries R and S side by side (RFC 7518, 3.4); openssl wants them in DER.
        signature = _der(0x30, _der_integer(signature[:32]) + _der_integer(signature[32:]))
    with tempfile.NamedTemporaryFile() as public, tempfile.NamedTemporaryFile() as proof:
        public.write(_public_der(key))
        public.flush()
        proof.write(signature)
        proof.flush()
        done = subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", public.name,
                               "-signature", proof.name], input=signed.encode(), capture_output=True)
    if done.returncode != 0:
        raise ValueError("the signature does not match")
    return claims


def _openssl(*arguments, outform):
    pem = subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout
    kind = "rsa" if arguments[0] == "genrsa" else "ec"
    traditional = ["-traditional"] if kind == "rsa" else []
    return subprocess.run(["openssl", kind, "-outform", outform, *traditional], input=pem, check=True,
                          capture_output=True).stdout


def _public_der(key):
    """A public JWK as SubjectPublicKeyInfo (RFC 5280)."""
    if key["kty"] == "RSA":
        algorithm = bytes.fromhex("06092a864886f70d0101010500")  # rsaEncryption, NULL
        public = _der(0x30, _der_integer(_decode(key["n"])) + _der_integer(_decode(key["e"])))
    else:
        algorithm = bytes.fromhex("06072a8648ce3d020106082a8648ce3d030107")  # ecPublicKey, prime256v1
        public = b"\x04" + _decode(key["x"]).rjust(32, b"\0")[-32:] + _decode(key["y"]).rjust(32, b"\0")[-32:]
    return _der(0x30, _der(0x30, algorithm) + _der(0x03, b"\0" + public))


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(data):
    return _encode(data.lstrip(b"\0"))


def _elements(der):
    """The (tag, content) pairs that stand side by side in DER."""
    found = []
    while der:
        tag, length, start = der[0], der[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[2:start], "big")
        found.append((tag, der[start:start + length]))
        der = der[start + length:]
    return found


def _integers(der):
    return [content for tag, content in _elements(_elements(der)[0][1]) if tag == 0x02]


def _der(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _der_integer(magnitude):
    magnitude = magnitude.lstrip(b"\0") or b"\0"
    return _der(0x02, b"\0" + magnitude if magnitude[0] & 0x80 else magnitude)
