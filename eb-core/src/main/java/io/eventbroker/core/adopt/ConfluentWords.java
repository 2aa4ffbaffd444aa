package io.eventbroker.core.adopt;

/**
 * Why fields of Confluent for Kubernetes are not carried over. What its schema (3.3) does not know is told apart from what
 * a Topology does not know.
 */
final class ConfluentWords {
    private static final String RENDER = "a Topology does not say how pods are built";
    private static final String RENDER_REMEDY = "keep it where manifests are made from the Topology";
    private static final String SECRETS = "where keys, certificates and passwords come from is not said in a Topology";
    private static final String SECRETS_REMEDY = "set them up where the cluster's certificates and secrets are managed";
    private static final String KUBERNETES = "Kubernetes wrote it, or a tool";

    static final Words WORDS = new Words(
                    "the resource's schema does not know this field, so the API server removes it and it never had an effect",
                    "find out what was meant")
            .of(
                    "status metadata.uid metadata.resourceVersion metadata.generation metadata.creationTimestamp"
                            + " metadata.managedFields metadata.selfLink metadata.ownerReferences metadata.finalizers"
                            + " metadata.deletionTimestamp",
                    KUBERNETES,
                    "")
            .of("metadata.annotations", "a Topology has no annotations", RENDER_REMEDY)
            .of("metadata.labels", "only the labels of the Kafka become those of the Topology", RENDER_REMEDY)
            .of(
                    "spec.rack.topology spec.rack.topologyKey",
                    "the resource's schema knows no 'rack', so the API server removes it and brokers were never spread by"
                            + " it; 'rackAssignment' with 'nodeLabels' is what the operator reads",
                    "zones are in the Topology; check how partitions lie before relying on them")
            .of(
                    "spec.rack.labelSelector",
                    "the resource's schema knows no 'rack', and pods are selected by the operator's own labels",
                    "remove it")
            .of(
                    "spec.rack",
                    "the resource's schema knows no 'rack', so the API server removes it",
                    "use 'rackAssignment'")
            .of(
                    "spec.rackAssignment.nodeLabels",
                    "it names the node label that zones are read from, not the zones",
                    "name the zones in the Topology")
            .of(
                    "spec.rackAssignment.availabilityZoneCount",
                    "it counts the zones, and a Topology names them",
                    "see that there are as many")
            .of("spec.oneReplicaPerNode", RENDER, RENDER_REMEDY)
            .of(
                    "spec.podTemplate.labelSelector spec.labelSelector",
                    "the schema knows no selector here; the operator selects pods by its own labels",
                    "remove it; labels of pods go into 'podTemplate.labels'")
            .of(
                    "spec.podTemplate.affinity spec.podTemplate.tolerations spec.podTemplate.topologySpreadConstraints",
                    "placement follows from the zones; further rules are not said in a Topology",
                    RENDER_REMEDY)
            .of("spec.podTemplate.probe", "probes are not said in a Topology", RENDER_REMEDY)
            .of(
                    "spec.podTemplate.envVars",
                    "variables of the container are not said in a Topology",
                    "if one sets heap or properties, write it as jvm or config")
            .of(
                    "spec.podTemplate.resources.limits.* spec.podTemplate.resources.requests.*"
                            + " spec.podTemplate.resources.claims",
                    "a Topology counts processor time and memory only",
                    RENDER_REMEDY)
            .of(
                    "spec.podTemplate.annotations spec.podTemplate.labels spec.podTemplate.podSecurityContext"
                            + " spec.podTemplate.priorityClassName spec.podTemplate.securityContext"
                            + " spec.podTemplate.serviceAccountName spec.podTemplate.terminationGracePeriodSeconds"
                            + " spec.pdb spec.headlessService spec.injectAnnotations spec.injectLabels"
                            + " spec.mountedVolumes spec.image.pullPolicy spec.k8sClusterDomain spec.build spec.peers",
                    RENDER,
                    RENDER_REMEDY)
            .of(
                    "spec.image.pullSecretRef spec.mountedSecrets spec.passwordEncoder spec.tls spec.license"
                            + " spec.connectorTLSCerts spec.listeners.*.tls spec.listeners.custom.*.tls",
                    SECRETS,
                    SECRETS_REMEDY)
            .of(
                    "spec.listeners.*.authentication spec.listeners.custom.*.authentication spec.authentication"
                            + " spec.identityProvider",
                    "of authentication only the mechanism is said in a Topology",
                    SECRETS_REMEDY)
            .of(
                    "spec.listeners.*.authentication.principalMappingRules"
                            + " spec.listeners.custom.*.authentication.principalMappingRules"
                            + " spec.listeners.*.authentication.mtls spec.listeners.custom.*.authentication.mtls",
                    "how names become principals is not said in a Topology",
                    "add ssl.principal.mapping.rules to brokers.config")
            .of(
                    "spec.listeners.*.externalAccess spec.listeners.custom.*.externalAccess",
                    "how a listener is reached from outside is said in 'network', as intent",
                    "see whether network.access and network.externalDomain say it")
            .of(
                    "spec.listeners.*.externalAccess.loadBalancer.bootstrapPrefix"
                            + " spec.listeners.*.externalAccess.loadBalancer.brokerPrefix"
                            + " spec.listeners.custom.*.externalAccess.loadBalancer.bootstrapPrefix"
                            + " spec.listeners.custom.*.externalAccess.loadBalancer.brokerPrefix",
                    "names of the outside follow from the listener's name and network.externalDomain, so the addresses"
                            + " that clients use change",
                    "keep the old names in DNS until all clients use topology.externalBootstrapName")
            .of(
                    "spec.listeners.internal.externalAccess",
                    "the schema knows no access from outside to the internal listener",
                    "use the external one")
            .of("spec.listeners", "the resource's schema does not know such a listener", "use 'listeners.custom'")
            .of(
                    "spec.configOverrides.log4j spec.configOverrides.log4j2 spec.configOverrides.peers",
                    "what is logged is not said in a Topology",
                    RENDER_REMEDY)
            .of(
                    "spec.metricReporter",
                    "of the reporter only whether it is on is said in a Topology",
                    "add confluent.metrics.reporter properties to brokers.config")
            .of(
                    "spec.metrics spec.telemetry",
                    "where metrics are offered is said in 'monitoring', as intent",
                    "set monitoring.metrics")
            .of(
                    "spec.services",
                    "a Topology describes no services inside brokers, such as the metadata service",
                    "keep it where the cluster is set up")
            .of(
                    "spec.authorization.kafkaRestClassRef spec.authorization.type" + " spec.authorization.superUsers",
                    "authorization is said once, for the whole Topology",
                    "see whether security.authorization suits the service too")
            .of(
                    "spec.dependencies",
                    "dependencies follow from the components that there are",
                    "see whether topology.dependencies() has it")
            .of("spec.dependencies.kRaftController.controllerListener", "it follows from the controllers' listener", "")
            .of(
                    "spec.clusterID spec.controllerQuorumVoters spec.dynamicQuorumConfig"
                            + " spec.listeners.advertisedListenersEnabled spec.listeners.replication.externalAccess",
                    "ids and the quorum follow from the controllers",
                    RENDER_REMEDY)
            .of(
                    "spec.fips spec.enableDekRegistry spec.enableExternalInterInstance spec.enableSchemaExporter"
                            + " spec.enableSchemaImporter spec.unifiedStreamManager spec.connectorOverridePolicy"
                            + " spec.enableSchemas spec.groupID spec.internalTopicNames"
                            + " spec.internalTopicReplicationFactor spec.internalTopicReplicatorFactor"
                            + " spec.keyConverterType spec.valueConverterType spec.id spec.name spec.mail"
                            + " spec.monitoringKafkaClusters",
                    "the Topology has no such field; most of these set a property of the component",
                    "add the property to its config");

    private ConfluentWords() {}
}
