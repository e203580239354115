#!/bin/bash
# certificates.sh DIR NODE - the keys of one cluster: a CA, what it signs (EC P-256), and the service accounts' key.
#
# They last a year and are made anew for each cluster. Files are for this account only.
set -euo pipefail
umask 077
mkdir -p "$1"
cd "$1"
NODE=$2
DAYS=365
exec 2>openssl.log

authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.crt" -sha256 -days $DAYS \
        -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

# leaf AUTHORITY NAME SUBJECT USAGE [SUBJECT_ALTERNATIVE_NAMES]
leaf() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$2.key" -out "$2.csr" -subj "$3"
    {
        echo "basicConstraints=critical,CA:FALSE"
        echo "keyUsage=critical,digitalSignature"
        echo "extendedKeyUsage=$4"
        [ -z "${5:-}" ] || echo "subjectAltName=$5"
    } >"$2.extensions"
    openssl x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -sha256 -days $DAYS \
        -extfile "$2.extensions" -out "$2.crt"
    rm "$2.csr" "$2.extensions"
}

client() {
    leaf ca "$1" "$2" clientAuth
}

authority ca
authority front-proxy-ca
authority etcd-ca

leaf ca apiserver "/CN=kube-apiserver" serverAuth \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:10.96.0.1"
leaf ca kubelet-server "/CN=$NODE" serverAuth "DNS:localhost,IP:127.0.0.1"
leaf etcd-ca etcd "/CN=etcd" serverAuth,clientAuth "DNS:localhost,IP:127.0.0.1"
leaf front-proxy-ca front-proxy "/CN=front-proxy-client" clientAuth

client admin "/O=system:masters/CN=admin"
# The set-up's own: the audit policy leaves its requests out.
client setup "/O=system:masters/CN=system:byline-setup"
# What a gateway is given as the cluster's credential; up.sh binds the group to cluster-admin.
client gateway "/O=gateways/CN=gateway"
client controllers "/CN=system:kube-controller-manager"
client scheduler "/CN=system:kube-scheduler"
client kubelet "/O=system:nodes/CN=system:node:$NODE"
client apiserver-kubelet "/O=system:masters/CN=kube-apiserver-kubelet-client"

openssl genrsa -out service-accounts.key 2048
openssl rsa -in service-accounts.key -pubout -out service-accounts.pub
