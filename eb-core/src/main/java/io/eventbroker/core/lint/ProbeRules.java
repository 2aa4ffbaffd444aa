package io.eventbroker.core.lint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How Kubernetes asks containers whether they live. */
final class ProbeRules {
    private static final String PROBES =
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";

    private static final List<String> NAMES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    /** Tools that ask a cluster, each of which is a JVM. */
    private static final String TOOLS =
            "kafka-(?:topics|broker-api-versions|configs|consumer-groups|metadata-quorum|cluster"
                    + "|leader-election|log-dirs|acls|console-consumer|console-producer|run-class|get-offsets|features|storage"
                    + "|verifiable-producer|verifiable-consumer|reassign-partitions|dump-log)(?:\\.sh)?|zookeeper-shell(?:\\.sh)?|cub";

    private static final Pattern TOOL = Pattern.compile("(?:^|[\\s;&|(\"'`]|bin/)(" + TOOLS + ")(?=$|[\\s;&|)\"'`])");
    private static final Pattern JAVA = Pattern.compile("(?:^|[\\s;&|(\"'`]|bin/)(java)(?=\\s)");

    /** Of shells, that a file is there: {@code test -f x}, {@code [ -s x ]}, {@code cat x}. */
    private static final Pattern FILE =
            Pattern.compile("(?:(?:\\btest|\\[)\\s+-[efsr]\\s+|\\b(?:cat|stat|ls)\\s+)[\"']?(/[^\\s\"';&|)\\]]+)");

    private static final List<String> ALWAYS_THERE = List.of("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/bin/");
    private static final long LEAST_FOR_A_JVM = 5;

    private static final RuleSetting<Duration> LEAST = new RuleSetting<>(
            "least",
            "PT10M",
            "how long a start-up probe must let a broker recover its logs, as PT10M",
            Duration::parse);

    static final Rule STARTS_JVM = Rule.warning("probes/starts-jvm")
            .reason(
                    "Each of Kafka's command line tools is a JVM of its own, which takes seconds of processor time and"
                            + " hundreds of MiB of the broker's memory limit, again and again; that alone can get a broker killed.")
            .remedy("Probe the port (tcpSocket), or an HTTP endpoint that the broker's own JVM serves.")
            .source(PROBES)
            .onManifests((manifest, report) -> probes(
                    manifest,
                    (container, probe) -> program(probe)
                            .ifPresent(program -> report.finding(
                                    probe.path("exec.command"),
                                    name(probe) + " starts a JVM every " + period(probe) + " s: " + program))))
            .build();

    static final Rule LIVENESS = Rule.error("probes/liveness-asks-the-cluster")
            .reason("A client's answer depends on the whole cluster: when that is slow, as after the loss of a broker,"
                    + " Kubernetes kills the brokers that are left, one after the other.")
            .remedy(
                    "Let liveness ask only whether this process lives, with tcpSocket, and leave the rest to readiness and"
                            + " alerts.")
            .source(PROBES)
            .onManifests((manifest, report) -> probes(manifest, (container, probe) -> {
                if (name(probe).equals("livenessProbe")) {
                    tool(probe)
                            .ifPresent(tool -> report.finding(
                                    probe.path("exec.command"),
                                    "Kubernetes kills " + container.name() + " when " + tool
                                            + " fails, which may be anybody's fault"));
                }
            }))
            .build();

    static final Rule NO_STARTUP = Rule.warning("probes/no-startup")
            .reason(
                    "After an unclean stop a broker reads through its log segments before it listens, which takes minutes to"
                            + " hours; a liveness probe kills it meanwhile, and it begins anew.")
            .remedy("Add a startupProbe with a large failureThreshold × periodSeconds; liveness waits for it.")
            .source(PROBES)
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container -> container.role().isKafka())
                    .filter(container -> container.spot().has("livenessProbe")
                            && !container.spot().has("startupProbe"))
                    .forEach(container -> report.finding(
                            container.spot().path("livenessProbe"),
                            container.name() + " has a livenessProbe and no startupProbe, so it may be killed while it"
                                    + " recovers its logs")))
            .build();

    static final Rule STARTUP_BUDGET = Rule.warning("probes/startup-budget")
            .reason("After an unclean stop a broker reads through its log segments before it listens; when the start-up"
                    + " probe gives up earlier, Kubernetes kills it, and the recovery begins anew.")
            .remedy("Raise failureThreshold: failureThreshold × periodSeconds is how long the broker may take.")
            .source(PROBES)
            .setting(LEAST)
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container -> container.role().isKafka())
                    .flatMap(container -> container.spot().at("startupProbe").stream())
                    .forEach(probe -> {
                        long failures = probe.number("failureThreshold").orElse(3L);
                        long seconds = probe.number("initialDelaySeconds").orElse(0L) + failures * period(probe);
                        if (seconds < report.setting(LEAST).toSeconds()) {
                            report.finding(
                                    probe.path("failureThreshold"),
                                    "a broker is killed when it is not up after " + seconds + " s (" + failures + " × "
                                            + period(probe) + " s and the delay), and should have "
                                            + report.setting(LEAST).toSeconds() + " s");
                        }
                    }))
            .build();

    static final Rule FILE_NOBODY_WRITES = Rule.error("probes/file-nobody-writes")
            .reason(
                    "A probe for a file that nothing writes never succeeds: as a start-up or liveness probe it kills the"
                            + " container again and again, as a readiness probe it keeps it out for good.")
            .remedy("Let something write the file, or probe the port with tcpSocket.")
            .source(PROBES)
            .onManifests((manifest, report) -> probes(manifest, (container, probe) -> {
                if (container.role().isPlatform()) {
                    for (String file : files(probe)) {
                        if (!isMentionedElsewhere(file, container)) {
                            report.finding(
                                    probe.path("exec.command"),
                                    name(probe) + " wants " + file + ", and nothing in these pods writes it");
                        }
                    }
                }
            }))
            .build();

    static final Rule DELAY = Rule.info("probes/delay-beside-startup")
            .reason(
                    "Liveness and readiness wait for the start-up probe anyway; a further delay only keeps a pod that is up"
                            + " out of service.")
            .remedy("Remove initialDelaySeconds.")
            .source(PROBES)
            .onManifests((manifest, report) -> probes(manifest, (container, probe) -> {
                if (!name(probe).equals("startupProbe")
                        && container.spot().has("startupProbe")
                        && probe.number("initialDelaySeconds").orElse(0L) > 0) {
                    report.finding(
                            probe.path("initialDelaySeconds"),
                            name(probe) + " waits another "
                                    + probe.number("initialDelaySeconds").orElse(0L)
                                    + " s after the startupProbe has succeeded");
                }
            }))
            .build();

    static final Rule TIMEOUT = Rule.warning("probes/timeout")
            .reason(
                    "A probe that is given less time than its answer takes fails although all is well. One that may take longer"
                            + " than its period is asked less often than it says, so that a dead process is noticed late.")
            .remedy("Give an answer that is a JVM at least 5 s, and no probe more than its period.")
            .source(PROBES)
            .onManifests((manifest, report) -> probes(manifest, (container, probe) -> {
                long timeout = probe.number("timeoutSeconds").orElse(1L);
                if (program(probe).isPresent() && timeout < LEAST_FOR_A_JVM) {
                    report.finding(
                            probe.path("timeoutSeconds"),
                            name(probe) + " starts a JVM and gives it " + timeout + " s to answer");
                } else if (timeout > period(probe)) {
                    report.finding(
                            probe.path("timeoutSeconds"),
                            name(probe) + " may take " + timeout + " s and is due every " + period(probe) + " s");
                }
            }))
            .build();

    static final Rule NO_READINESS = Rule.warning("probes/no-readiness")
            .reason(
                    "Without a readiness probe a pod counts as ready as soon as its process runs: a rolling update stops the"
                            + " next one while this one still recovers.")
            .remedy("Add a readinessProbe, such as tcpSocket on the client port.")
            .source(PROBES)
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container -> container.role().isPlatform())
                    .filter(container -> !container.pods().isForJobs())
                    .filter(container -> !container.spot().has("readinessProbe"))
                    .forEach(container -> report.finding(
                            container.spot().path("readinessProbe"), container.name() + " has no readinessProbe")))
            .build();

    static final List<Rule> ALL =
            List.of(STARTS_JVM, LIVENESS, NO_STARTUP, STARTUP_BUDGET, FILE_NOBODY_WRITES, DELAY, TIMEOUT, NO_READINESS);

    private ProbeRules() {}

    private static Stream<Container> containers(Manifest manifest) {
        return Pods.of(manifest).stream().flatMap(pods -> pods.containers().stream());
    }

    private static void probes(Manifest manifest, BiConsumer<Container, Spot> check) {
        containers(manifest)
                .forEach(container -> NAMES.forEach(
                        name -> container.spot().at(name).ifPresent(probe -> check.accept(container, probe))));
    }

    private static String name(Spot probe) {
        return probe.path().substring(probe.path().lastIndexOf('.') + 1);
    }

    /** Kubernetes' default is 10 s. */
    private static long period(Spot probe) {
        return probe.number("periodSeconds").orElse(10L);
    }

    private static String command(Spot probe) {
        return String.join(" ", probe.texts("exec.command"));
    }

    private static Optional<String> tool(Spot probe) {
        return first(TOOL, probe);
    }

    private static Optional<String> program(Spot probe) {
        return tool(probe).or(() -> first(JAVA, probe));
    }

    private static Optional<String> first(Pattern pattern, Spot probe) {
        Matcher matcher = pattern.matcher(command(probe));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static List<String> files(Spot probe) {
        List<String> files = new ArrayList<>();
        Matcher matcher = FILE.matcher(command(probe));
        while (matcher.find()) {
            String file = matcher.group(1);
            if (ALWAYS_THERE.stream().noneMatch(file::startsWith)) {
                files.add(file);
            }
        }
        return files;
    }

    private static boolean isMentionedElsewhere(String file, Container container) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        Spot spec = container.pods().template();
        long mentions =
                spec.allTexts().stream().filter(text -> text.contains(name)).count();
        long inProbes = container.pods().containers().stream()
                .flatMap(other -> NAMES.stream().flatMap(probe -> other.spot().at(probe).stream()))
                .flatMap(probe -> probe.allTexts().stream())
                .filter(text -> text.contains(name))
                .count();
        return mentions > inProbes;
    }
}
