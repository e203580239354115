"""JWTs made by hand, so that every part of them can be wrong on purpose."""

import base64
import json
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    """A header or claims: bytes stay as they are, anything else becomes JSON."""
    return encode(value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode())


def compact(header, claims, sign):
    """A JWT in compact form; `sign` makes the signature's bytes of the bytes that are signed."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{encode(sign(signed.encode()))}"


def number(value, size=None):
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A private key with the algorithm and the name under which its public half is published."""

    def __init__(self, algorithm, kid):
        self.algorithm = algorithm
        self.kid = kid
        if algorithm in ("RS256", "PS256"):
            self.private = rsa.generate_private_key(65537, 2048)
        elif algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = ed25519.Ed25519PrivateKey.generate()

    def sign(self, data):
        if self.algorithm == "EdDSA":
            return self.private.sign(data)
        if self.algorithm == "ES256":
            r, s = utils.decode_dss_signature(self.sign_der(data))
            return struct.pack("32s32s", r.to_bytes(32, "big"), s.to_bytes(32, "big"))
        if self.algorithm == "PS256":
            return self.sign_pss(data)
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def sign_der(self, data):
        """An ECDSA signature as X.509 writes it, which JOSE does not."""
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))

    def sign_pss(self, data):
        return self.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    def token(self, claims, **header):
        """A JWT of this key; what the header says besides can be given or, with None, taken away."""
        fields = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **header}
        return compact({name: value for name, value in fields.items() if value is not None}, claims, self.sign)

    @property
    def jwk(self):
        public = self.private.public_key()
        common = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "EdDSA":
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {**common, "kty": "OKP", "crv": "Ed25519", "x": encode(raw)}
        numbers = public.public_numbers()
        if self.algorithm == "ES256":
            return {**common, "kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}
        return {**common, "kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}

    @property
    def public_pem(self):
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def private_pem(self):
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
