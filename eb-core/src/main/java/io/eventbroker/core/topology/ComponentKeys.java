package io.eventbroker.core.topology;

/** The key that a component stands under in a file: the name of its component in {@link Topology}. */
final class ComponentKeys implements Component.Handler<String> {
    static final ComponentKeys INSTANCE = new ComponentKeys();

    private ComponentKeys() {}

    @Override
    public String kafkaBrokers(KafkaBrokers brokers) {
        return "brokers";
    }

    @Override
    public String kraftControllers(KRaftControllers controllers) {
        return "controllers";
    }

    @Override
    public String zooKeeper(ZooKeeper zooKeeper) {
        return "zooKeeper";
    }

    @Override
    public String schemaRegistry(SchemaRegistry registry) {
        return "schemaRegistry";
    }

    @Override
    public String restProxy(RestProxy proxy) {
        return "restProxy";
    }

    @Override
    public String connectWorkers(ConnectWorkers workers) {
        return "connect";
    }

    @Override
    public String ksqlDb(KsqlDb ksqlDb) {
        return "ksqlDb";
    }

    @Override
    public String controlCenter(ControlCenter controlCenter) {
        return "controlCenter";
    }

    @Override
    public String mirrorMaker(MirrorMaker mirrorMaker) {
        return "mirrorMaker";
    }
}
