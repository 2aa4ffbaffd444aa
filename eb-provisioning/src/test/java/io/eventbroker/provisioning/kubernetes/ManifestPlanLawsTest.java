package io.eventbroker.provisioning.kubernetes;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The laws of plans, on an API server in which each world is a namespace. */
class ManifestPlanLawsTest extends PlanLaws<ManifestPlanLawsTest.World, ManifestAction> {
    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static EmbeddedKubernetes kubernetes;

    record World(String namespace, Manifests wanted) {}

    @BeforeAll
    static void start() {
        kubernetes = EmbeddedKubernetes.start().customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas");
    }

    @AfterAll
    static void stop() {
        kubernetes.close();
    }

    @Override
    protected World world(int seed) {
        Random random = new Random(seed);
        String namespace = "world-" + WORLDS.incrementAndGet();
        Manifests earlier = draw(random, namespace);
        Manifests wanted = draw(random, namespace);
        if (random.nextInt(4) > 0) {
            provisioner()
                    .run(provisioner().plan(provisioner().read(earlier, soon())), RunOptions.defaults())
                    .await(soon())
                    .requireSuccess();
        }
        return new World(namespace, wanted);
    }

    private static Manifests draw(Random random, String namespace) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(Samples.namespace(namespace));
        objects.add(Samples.configMap(namespace, "always", Map.of("a", "" + random.nextInt(3))));
        for (String name : List.of("one", "two")) {
            if (random.nextBoolean()) {
                Map<String, String> data = new TreeMap<>();
                for (String key : List.of("x", "y", "z")) {
                    if (random.nextBoolean()) {
                        data.put(key, "" + random.nextInt(3));
                    }
                }
                objects.add(Samples.configMap(namespace, name, data));
            }
        }
        if (random.nextBoolean()) {
            objects.add(Samples.service(namespace, "kafka", 9090 + random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            objects.add(Samples.statefulSet(
                    namespace, "kafka", 1 + random.nextInt(4), "image:" + random.nextInt(2), "1Gi"));
        }
        if (random.nextBoolean()) {
            objects.add(Samples.kafka(namespace, 3 + random.nextInt(2), List.of("a=" + random.nextInt(3))));
        }
        return Samples.manifests(objects.toArray(HasMetadata[]::new));
    }

    @Override
    protected Plan<ManifestAction> plan(World world) {
        return provisioner().planPruning(provisioner().read(world.wanted(), soon()));
    }

    @Override
    protected Plan<ManifestAction> planAfterSimulating(World world, Plan<ManifestAction> plan) {
        return provisioner()
                .planPruning(provisioner().read(world.wanted(), soon()).simulate(plan));
    }

    @Override
    protected Run<? extends Report> run(World world, Plan<ManifestAction> plan, RunOptions options) {
        return provisioner().run(plan, options);
    }

    @Override
    protected Object state(World world) {
        return Samples.stateOf(kubernetes.client(), world.namespace());
    }

    @Override
    protected void disturb(World world) {
        var always =
                kubernetes.client().configMaps().inNamespace(world.namespace()).withName("always");
        if (always.get() == null) {
            kubernetes.client().resource(Samples.namespace(world.namespace())).create();
            kubernetes
                    .client()
                    .resource(Samples.configMap(world.namespace(), "always", Map.of("foreign", "1")))
                    .create();
        } else {
            always.edit(
                    map -> new ConfigMapBuilder(map).addToData("foreign", "1").build());
        }
    }

    @Override
    protected void close(World world) {
        kubernetes.client().namespaces().withName(world.namespace()).delete();
    }

    private static Provisioner provisioner() {
        return Provisioner.on(kubernetes.client());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}
