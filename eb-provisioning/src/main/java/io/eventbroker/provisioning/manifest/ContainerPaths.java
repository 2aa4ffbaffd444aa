package io.eventbroker.provisioning.manifest;

/** Where things are in a container of Kafka; all else of its file system is read-only. */
final class ContainerPaths {
    static final String CONFIG = "/etc/eventbroker/config";
    static final String TLS = "/etc/eventbroker/tls";
    static final String DATA = "/var/lib/kafka/data";
    static final String LOGS = "/var/log/kafka";
    static final String SCRATCH = "/tmp";

    private ContainerPaths() {}
}
