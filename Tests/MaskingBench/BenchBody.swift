import NIOCore

/// What API servers answer most, made up: a list of pods, a list of Secrets, a log.
enum BenchBody: String, CaseIterable {
    case pods = "a list of pods"
    case secrets = "a list of Secrets"
    case logs = "a log"

    var target: String {
        switch self {
        case .pods: "/api/v1/pods"
        case .secrets: "/api/v1/secrets"
        case .logs: "/api/v1/namespaces/default/pods/one/log"
        }
    }

    var contentType: String { if case .logs = self { "text/plain" } else { "application/json" } }

    /// So many bytes, or a few more.
    func bytes(_ count: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count + 8_192)
        var number = 0
        if case .logs = self {
            while buffer.readableBytes < count {
                number += 1
                buffer.writeString(Self.line(number))
            }
            return buffer
        }
        let kind = if case .pods = self { "Pod" } else { "Secret" }
        buffer.writeString(
            #"{"kind":"\#(kind)List","apiVersion":"v1","metadata":{"resourceVersion":"918273"},"items":["#)
        while buffer.readableBytes < count {
            if number > 0 { buffer.writeString(",") }
            number += 1
            buffer.writeString(kind == "Pod" ? Self.pod(number) : Self.secret(number))
        }
        buffer.writeString("]}\n")
        return buffer
    }

    private static func pod(_ number: Int) -> String {
        #"""
        {"metadata":{"name":"front-end-5d4f8c7b9-\#(number)","generateName":"front-end-5d4f8c7b9-","namespace":"shop",\#
        "uid":"0d9f6c3e-7b1a-4c57-9a55-\#(100_000_000_000 + number)","resourceVersion":"\#(700_000 + number)",\#
        "creationTimestamp":"2026-05-04T09:30:12Z","labels":{"app":"front-end","pod-template-hash":"5d4f8c7b9",\#
        "tier":"web"},"annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"8080"},"ownerReferences":\#
        [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"front-end-5d4f8c7b9","uid":\#
        "5b0e9a51-3f6f-4e55-8f3a-2f9d0d1d7c11","controller":true,"blockOwnerDeletion":true}],"managedFields":\#
        [{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-05-04T09:30:12Z",\#
        "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:app":{},\#
        "f:pod-template-hash":{},"f:tier":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"server\"}":{".":{},\#
        "f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{}}},"f:dnsPolicy":{},"f:restartPolicy":{}}}}]},\#
        "spec":{"volumes":[{"name":"data","emptyDir":{}}],"containers":[{"name":"server","image":\#
        "registry.example/shop/front-end:1.4.2","args":["--listen",":8080","--backend","http://cart.shop:7070"],\#
        "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"env":[{"name":"LOG_LEVEL","value":"info"},\#
        {"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}],"resources":\#
        {"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},"volumeMounts":\#
        [{"name":"data","mountPath":"/var/lib/shop"}],"livenessProbe":{"httpGet":{"path":"/healthz","port":8080,\#
        "scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},\#
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":\#
        "IfNotPresent"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",\#
        "serviceAccountName":"front-end","nodeName":"worker-\#(number % 40)","securityContext":{},"schedulerName":\#
        "default-scheduler","tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":\#
        "NoExecute","tolerationSeconds":300}],"priority":0},"status":{"phase":"Running","conditions":[{"type":\#
        "Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-05-04T09:30:12Z"},{"type":\#
        "Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-05-04T09:30:19Z"}],"hostIP":\#
        "10.0.3.\#(number % 250)","podIP":"10.32.\#(number / 250 % 250).\#(number % 250)","startTime":\#
        "2026-05-04T09:30:12Z","containerStatuses":[{"name":"server","state":{"running":{"startedAt":\#
        "2026-05-04T09:30:15Z"}},"lastState":{},"ready":true,"restartCount":0,"image":\#
        "registry.example/shop/front-end:1.4.2","imageID":"registry.example/shop/front-end@sha256:\#
        6f1a4bd2b4f0de5a0c1a6d5b4c3f2e1d0c9b8a79685746352413021f0e1d2c3b","started":true}],"qosClass":"Burstable"}}
        """#
    }

    /// Values as short as passwords are; none is one.
    private static func secret(_ number: Int) -> String {
        #"""
        {"metadata":{"name":"settings-\#(number)","namespace":"shop","uid":\#
        "9c1e6c3e-7b1a-4c57-9a55-\#(100_000_000_000 + number)","resourceVersion":"\#(700_000 + number)",\#
        "creationTimestamp":"2026-05-04T09:30:12Z","labels":{"app":"front-end"}},"data":{"host":"ZGF0YWJhc2Uuc2hvcA==",\#
        "password":"bm90IGEgcGFzc3dvcmQgXCg\#(1_000 + number % 9_000)","username":"c2hvcA=="},"type":"Opaque"}
        """#
    }

    private static func line(_ number: Int) -> String {
        "2026-05-04T09:30:12.\(100_000 + number % 900_000)Z INFO  request method=GET path=/cart/\(number) status=200 "
            + "duration=\(number % 97)ms client=10.32.4.\(number % 250) user-agent=\"shop/1.4 (linux; amd64)\"\n"
    }
}
