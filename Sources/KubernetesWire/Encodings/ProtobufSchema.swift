/// What the fields of Kubernetes' usual messages are called (k8s.io/api and k8s.io/apimachinery, generated.proto).
struct ProtobufSchema: Sendable {
    /// What a field holds.
    indirect enum Kind: Hashable, Sendable {
        case text, integer, bool, bytes
        case message(String)
        case list(Kind)
        /// From text to what is said.
        case map(Kind)
    }

    struct Field: Hashable, Sendable {
        let name: String
        let kind: Kind
    }

    static let known = ProtobufSchema(parsing: messages)

    private var types: [String: [Int: Field]] = [:]

    /// The fields of a message by their numbers; nil for a message that is not known. Of a list of what is known, those too.
    func fields(of type: String) -> [Int: Field]? {
        if let fields = types[type] { return fields }
        guard type.hasSuffix("List"), types[String(type.dropLast(4))] != nil else { return nil }
        return [
            1: Field(name: "metadata", kind: .message("ListMeta")),
            2: Field(name: "items", kind: .list(.message(String(type.dropLast(4))))),
        ]
    }

    /// Reads lines `Type: NUMBER name KIND, …`; a kind left away is text, `[]` before it a list, `{}` a map.
    private init(parsing text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            var fields: [Int: Field] = [:]
            for field in parts[1].split(separator: ",") {
                let words = field.split(separator: " ")
                guard words.count >= 2, let number = Int(words[0]) else { continue }
                fields[number] = Field(name: String(words[1]), kind: Self.kind(words.count > 2 ? words[2] : ""))
            }
            for name in parts[0].split(separator: "|") { types[String(name)] = fields }
        }
    }

    private static func kind(_ word: Substring) -> Kind {
        if word.hasPrefix("[]") { return .list(kind(word.dropFirst(2))) }
        if word.hasPrefix("{}") { return .map(kind(word.dropFirst(2))) }
        switch word {
        case "": return .text
        case "int": return .integer
        case "bool": return .bool
        case "bytes": return .bytes
        default: return .message(String(word))
        }
    }

    private static let messages = """
        ObjectMeta: 1 name, 2 generateName, 3 namespace, 4 selfLink, 5 uid, 6 resourceVersion, 7 generation int, \
        8 creationTimestamp Time, 9 deletionTimestamp Time, 10 deletionGracePeriodSeconds int, 11 labels {}, \
        12 annotations {}, 13 ownerReferences []OwnerReference, 14 finalizers [], 17 managedFields []ManagedFieldsEntry
        ListMeta: 1 selfLink, 2 resourceVersion, 3 continue, 4 remainingItemCount int
        OwnerReference: 1 kind, 3 name, 4 uid, 5 apiVersion, 6 controller bool, 7 blockOwnerDeletion bool
        ManagedFieldsEntry: 1 manager, 2 operation, 3 apiVersion, 4 time Time, 6 fieldsType, 7 fieldsV1 FieldsV1, \
        8 subresource
        Status: 1 metadata ListMeta, 2 status, 3 message, 4 reason, 5 details StatusDetails, 6 code int
        StatusDetails: 1 name, 2 group, 3 kind, 4 causes []StatusCause, 5 retryAfterSeconds int, 6 uid
        StatusCause: 1 reason, 2 message, 3 field
        DeleteOptions: 1 gracePeriodSeconds int, 2 preconditions Preconditions, 3 orphanDependents bool, \
        4 propagationPolicy, 5 dryRun []
        Preconditions: 1 uid, 2 resourceVersion
        ConfigMap: 1 metadata ObjectMeta, 2 data {}, 3 binaryData {}bytes, 4 immutable bool
        Secret: 1 metadata ObjectMeta, 2 data {}bytes, 3 type, 4 stringData {}, 5 immutable bool
        Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus
        NamespaceSpec: 1 finalizers []
        NamespaceStatus: 1 phase
        ServiceAccount: 1 metadata ObjectMeta, 2 secrets []ObjectReference, 3 imagePullSecrets []LocalObjectReference, \
        4 automountServiceAccountToken bool
        ObjectReference: 1 kind, 2 namespace, 3 name, 4 uid, 5 apiVersion, 6 resourceVersion, 7 fieldPath
        LocalObjectReference: 1 name
        Service: 1 metadata ObjectMeta, 2 spec ServiceSpec
        ServiceSpec: 1 ports []ServicePort, 2 selector {}, 3 clusterIP, 4 type, 5 externalIPs [], 7 sessionAffinity, \
        10 externalName
        ServicePort: 1 name, 2 protocol, 3 port int, 4 targetPort IntOrString, 5 nodePort int
        Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus
        DeploymentSpec: 1 replicas int, 2 selector LabelSelector, 3 template PodTemplateSpec, \
        4 strategy DeploymentStrategy, 5 minReadySeconds int, 6 revisionHistoryLimit int, 7 paused bool, \
        9 progressDeadlineSeconds int
        DeploymentStrategy: 1 type, 2 rollingUpdate RollingUpdate
        RollingUpdate: 1 maxUnavailable IntOrString, 2 maxSurge IntOrString
        DeploymentStatus: 1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, 4 availableReplicas int, \
        5 unavailableReplicas int, 7 readyReplicas int
        LabelSelector: 1 matchLabels {}, 2 matchExpressions []LabelSelectorRequirement
        LabelSelectorRequirement: 1 key, 2 operator, 3 values []
        PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
        Pod: 1 metadata ObjectMeta, 2 spec PodSpec
        PodSpec: 2 containers []Container, 3 restartPolicy, 4 terminationGracePeriodSeconds int, \
        5 activeDeadlineSeconds int, 6 dnsPolicy, 7 nodeSelector {}, 8 serviceAccountName, 9 serviceAccount, 10 nodeName, \
        11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 15 imagePullSecrets []LocalObjectReference, 16 hostname, \
        17 subdomain, 19 schedulerName, 20 initContainers []Container, 21 automountServiceAccountToken bool, \
        24 priorityClassName, 25 priority int, 27 shareProcessNamespace bool, 29 runtimeClassName
        Container: 1 name, 2 image, 3 command [], 4 args [], 5 workingDir, 6 ports []ContainerPort, 7 env []EnvVar, \
        8 resources ResourceRequirements, 9 volumeMounts []VolumeMount, 13 terminationMessagePath, 14 imagePullPolicy, \
        16 stdin bool, 17 stdinOnce bool, 18 tty bool, 20 terminationMessagePolicy
        ContainerPort: 1 name, 2 hostPort int, 3 containerPort int, 4 protocol, 5 hostIP
        EnvVar: 1 name, 2 value
        ResourceRequirements: 1 limits {}Quantity, 2 requests {}Quantity
        VolumeMount: 1 name, 2 readOnly bool, 3 mountPath, 4 subPath
        Role|ClusterRole: 1 metadata ObjectMeta, 2 rules []PolicyRule
        PolicyRule: 1 verbs [], 2 apiGroups [], 3 resources [], 4 resourceNames [], 5 nonResourceURLs []
        RoleBinding|ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects []Subject, 3 roleRef RoleRef
        Subject: 1 kind, 2 apiGroup, 3 name, 4 namespace
        RoleRef: 1 apiGroup, 2 kind, 3 name
        """
}
