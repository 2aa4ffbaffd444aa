package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Cpu;
import io.eventbroker.core.topology.Resources;
import io.eventbroker.core.topology.Service;
import java.util.List;
import java.util.function.BiConsumer;

/** What pods are promised and what they may use. How the heap fits into it is the concern of other rules. */
final class ResourceRules {
    private static final String EVICTION =
            "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/";

    private static final RuleSetting<Integer> MEMORY_PERCENT = new RuleSetting<>(
            "percent", "50", "the least share of the memory limit that must be requested", Numbers::percent);

    static final Rule MEMORY_FAR_BELOW = Rule.warning("resources/memory-far-below-limit")
            .reason(
                    "When a node runs short of memory, pods that use more than they requested are evicted first, without"
                            + " regard for disruption budgets. The page cache of a broker counts as use.")
            .remedy("Raise resources.requests.memory to what the pod really uses, or lower the limit.")
            .source(EVICTION)
            .setting(MEMORY_PERCENT)
            .onClusters((cluster, report) -> stateful(cluster, (key, component) -> {
                Resources resources = component.resources();
                long requested = resources.requests().memory().bytes();
                long limit = resources.limits().memory().bytes();
                if (!cluster.isDevelopment() && share(requested, limit) < report.setting(MEMORY_PERCENT)) {
                    report.finding(
                            "spec." + key + ".resources.requests.memory",
                            "a request of " + resources.requests().memory() + " is " + share(requested, limit)
                                    + " % of the limit of " + resources.limits().memory() + "; expected at least "
                                    + report.setting(MEMORY_PERCENT) + " %");
                }
            }))
            .build();

    static final Rule MEMORY_NOT_GUARANTEED = Rule.info("resources/memory-not-guaranteed")
            .reason("A broker fills what it may use with page cache. As long as the request is below the limit, it is a"
                    + " candidate for eviction whenever its node runs short of memory.")
            .remedy("Request as much memory as the limit allows.")
            .source(EVICTION)
            .onClusters((cluster, report) -> {
                Resources resources = cluster.topology().brokers().resources();
                if (cluster.isProduction()
                        && resources
                                        .requests()
                                        .memory()
                                        .compareTo(resources.limits().memory())
                                < 0) {
                    report.finding(
                            "spec.brokers.resources.requests.memory",
                            "brokers request " + resources.requests().memory() + " of the "
                                    + resources.limits().memory() + " that they may use");
                }
            })
            .onManifests(PodRules::memory)
            .build();

    private static final RuleSetting<Integer> CPU_PERCENT = new RuleSetting<>(
            "percent", "25", "the least share of the processor limit that must be requested", Numbers::percent);

    static final Rule CPU_FAR_BELOW = Rule.info("resources/cpu-far-below-limit")
            .reason("The scheduler places pods by what they request. Brokers that request little share their node with"
                    + " others, and have least when all are busy.")
            .remedy("Raise resources.requests.cpu to what the pod needs at its busiest, or lower the limit.")
            .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/")
            .setting(CPU_PERCENT)
            .onClusters((cluster, report) -> stateful(cluster, (key, component) -> {
                Resources resources = component.resources();
                long share = share(
                        resources.requests().cpu().millis(),
                        resources.limits().cpu().millis());
                if (!cluster.isDevelopment() && share < report.setting(CPU_PERCENT)) {
                    report.finding(
                            "spec." + key + ".resources.requests.cpu",
                            "a request of " + cores(resources.requests().cpu()) + " is "
                                    + (share == 0 ? "less than 1" : Long.toString(share)) + " % of the limit of "
                                    + cores(resources.limits().cpu()) + "; expected at least "
                                    + report.setting(CPU_PERCENT) + " %");
                }
            }))
            .build();

    static final Rule NO_BURST = Rule.info("resources/cpu-without-headroom")
            .reason("A process at its processor limit is stopped for the rest of each scheduling period. A broker that"
                    + " catches up after a restart or compresses anew needs more for a while, and answers late.")
            .remedy(
                    "Raise resources.limits.cpu above the request; or request whole cores and as much memory as the limit,"
                            + " so that the node can give the broker cores of its own.")
            .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/")
            .onClusters((cluster, report) -> {
                Resources resources = cluster.topology().brokers().resources();
                Cpu cpu = resources.limits().cpu();
                boolean mayHaveItsOwnCores = cpu.millis() % 1000 == 0
                        && resources
                                .requests()
                                .memory()
                                .equals(resources.limits().memory());
                if (cluster.isProduction() && resources.requests().cpu().equals(cpu) && !mayHaveItsOwnCores) {
                    report.finding(
                            "spec.brokers.resources.limits.cpu",
                            "the limit of " + cpu + " is also the request, so that nothing is left for busy times");
                }
            })
            .build();

    private static final RuleSetting<Cpu> LEAST_CORES =
            new RuleSetting<>("least", "2", "the least processor time that a broker must be allowed", Cpu::parse);

    static final Rule FEW_CORES = Rule.warning("resources/few-cores")
            .reason(
                    "Network threads, I/O threads, replication, TLS and the garbage collector of a broker run side by side;"
                            + " with less than two cores they wait for each other.")
            .remedy("Raise resources.limits.cpu.")
            .source("https://docs.confluent.io/platform/current/installation/system-requirements.html")
            .setting(LEAST_CORES)
            .onClusters((cluster, report) -> {
                Cpu limit = cluster.topology().brokers().resources().limits().cpu();
                if (cluster.isProduction() && limit.compareTo(report.setting(LEAST_CORES)) < 0) {
                    report.finding(
                            "spec.brokers.resources.limits.cpu",
                            "the limit is " + limit + "; expected at least " + report.setting(LEAST_CORES));
                }
            })
            .build();

    static final List<Rule> ALL = List.of(MEMORY_FAR_BELOW, MEMORY_NOT_GUARANTEED, CPU_FAR_BELOW, NO_BURST, FEW_CORES);

    private ResourceRules() {}

    /** Brokers and what coordinates them. */
    private static void stateful(LintedCluster cluster, BiConsumer<String, Component> each) {
        cluster.topology().componentsByKey().forEach((key, component) -> {
            if (!(component instanceof Service)) {
                each.accept(key, component);
            }
        });
    }

    private static long share(long part, long whole) {
        return (long) (100.0 * part / whole);
    }

    /** With its unit: {@code 1 core}, {@code 32 cores}, {@code 500m}, which are thousandths. */
    private static String cores(Cpu cpu) {
        return cpu.millis() % 1000 != 0 ? cpu.toString() : cpu + (cpu.millis() == 1000 ? " core" : " cores");
    }
}
