package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options that keep a JVM from starting, from being collected well, from ending when it must, or from being safe. */
final class JvmOptionRules {
    private static final String OPTIONS = "https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html";
    private static final String KAFKA = "https://kafka.apache.org/documentation/#java";

    /** What Java 17 ends with at once: each was tried. */
    private static final Pattern REMOVED =
            Pattern.compile("-XX:[+-]?(UseConcMarkSweepGC|UseParNewGC|(Use)?CMS\\w*|ParallelCMSThreads"
                    + "|AggressiveOpts|UseParallelOldGC|PrintGCDateStamps|PrintGCTimeStamps|PrintGCCause|PrintHeapAtGC"
                    + "|PrintTenuringDistribution|PrintAdaptiveSizePolicy|PrintGCApplicationStoppedTime|UseGCLogFileRotation"
                    + "|NumberOfGCLogFiles|GCLogFileSize|MaxPermSize|PermSize|UseCGroupMemoryLimitForHeap"
                    + "|UnlockCommercialFeatures|UseSplitVerifier|UseFastAccessorMethods|TraceClassLoading|UseMembar)(=.*)?"
                    + "|-Xincgc|-d64|-d32|-Djava\\.endorsed\\.dirs=.*|-Djava\\.ext\\.dirs=.*");

    /** The first release whose servers need Java 17. */
    private static final Version NEEDS_JAVA_17 = Version.of(4, 0);

    static final Rule ABORTING = Rule.error("jvm/removed-flags")
            .reason(
                    "Servers from Kafka 4.0 on need Java 17 or later (KIP-750, KIP-1013), and images of earlier ones hold it"
                            + " too; it ends at once when it meets an option that it does not know.")
            .remedy("Remove it; G1 is the collector by default, and -Xlog:gc* the way to log it (JEP 271).")
            .source("KIP-1013: Drop broker and tools support for Java 11 in Kafka 4.0; JEP 363: Remove CMS")
            .onClusters((cluster, report) -> forRemoved(cluster, true, report))
            .onManifests(ProcessJvmRules::removed)
            .build();

    static final Rule OUTDATED = Rule.warning("jvm/outdated-flags")
            .reason(
                    "Java 17, which Kafka runs on since 3.1 and needs from 4.0 on, ends at once when it meets an option that"
                            + " it does not know; the next image or upgrade may bring it.")
            .remedy("Remove it; G1 is the collector by default, and -Xlog:gc* the way to log it (JEP 271).")
            .source("KIP-1013: Drop broker and tools support for Java 11 in Kafka 4.0; JEP 363: Remove CMS")
            .onClusters((cluster, report) -> forRemoved(cluster, false, report))
            .build();

    static boolean isRemoved(String option) {
        return REMOVED.matcher(option).matches();
    }

    private static void forRemoved(LintedCluster cluster, boolean needsJava17, Reporter report) {
        if (cluster.topology().distribution().kafka().isBefore(NEEDS_JAVA_17) == needsJava17) {
            return;
        }
        JvmOptions.forEach(cluster, (component, options) -> {
            if (!options.has("-XX:+IgnoreUnrecognizedVMOptions")) {
                for (int i = 0; i < options.asList().size(); i++) {
                    if (isRemoved(options.asList().get(i))) {
                        report.finding(
                                "spec." + component.key() + ".jvm.options[" + i + "]",
                                "Java 17 does not know '" + options.asList().get(i) + "'");
                    }
                }
            }
        });
    }

    private static final List<String> COLLECTORS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseParallelGC",
            "-XX:+UseG1GC",
            "-XX:+UseZGC",
            "-XX:+UseShenandoahGC",
            "-XX:+UseEpsilonGC");

    static final Rule TWO_COLLECTORS = Rule.error("jvm/two-collectors")
            .reason("The JVM ends at once when several collectors are selected.")
            .remedy("Keep one; -XX:+UseG1GC is the default.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                List<String> chosen = COLLECTORS.stream().filter(options::has).toList();
                if (chosen.size() > 1) {
                    report.finding(
                            options.path(component.key(), chosen.get(1)),
                            String.join(" and ", chosen) + " are selected");
                }
            }))
            .build();

    static final Rule STOPPING = Rule.warning("jvm/stopping-collector")
            .reason(
                    "The serial and the parallel collector stop the process for the whole of a collection, seconds for a"
                            + " heap of some gigabytes: long enough to lose a session or the place in the quorum.")
            .remedy("Remove it; Kafka chooses G1.")
            .source(KAFKA)
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (String collector : List.of("-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseEpsilonGC")) {
                    if (HeapRules.isServer(component) && options.has(collector) && Reliance.isReliedOn(cluster)) {
                        report.finding(options.path(component.key(), collector), "'" + collector + "'");
                    }
                }
            }))
            .build();

    static final Rule LIVES_ON = Rule.info("jvm/survives-out-of-memory")
            .reason(
                    "After OutOfMemoryError some threads are gone and others go on: the process seems alive and does not do"
                            + " its work. One that ends is started again.")
            .remedy("Add -XX:+ExitOnOutOfMemoryError.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                if (HeapRules.isServer(component)
                        && !options.has("-XX:+ExitOnOutOfMemoryError")
                        && !options.has("-XX:+CrashOnOutOfMemoryError")
                        && options.find("-XX:OnOutOfMemoryError=").isEmpty()
                        && Reliance.isReliedOn(cluster)) {
                    report.finding("spec." + component.key() + ".jvm", "the JVM goes on after OutOfMemoryError");
                }
            }))
            .onManifests(ProcessJvmRules::survives)
            .build();

    static final Rule EXPLICIT_GC = Rule.warning("jvm/explicit-gc-disabled")
            .reason(
                    "The JDK asks for a collection when direct buffers run short, to free those that nobody uses; when such"
                            + " requests are ignored, it ends in 'OutOfMemoryError: Direct buffer memory'.")
            .remedy("Use -XX:+ExplicitGCInvokesConcurrent, as Kafka's start script does.")
            .source("java.nio.Bits; bin/kafka-run-class.sh")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                if (options.has("-XX:+DisableExplicitGC")) {
                    report.finding(options.path(component.key(), "-XX:+DisableExplicitGC"), "'-XX:+DisableExplicitGC'");
                }
            }))
            .onManifests(ProcessJvmRules::explicitGc)
            .build();

    /** Where images and renderers mount the volume for data. */
    private static final Pattern DATA =
            Pattern.compile("(/mnt/data|/var/lib/(kafka|zookeeper)/data|/var/lib/zookeeper).*");

    static final Rule DUMP_ON_DATA = Rule.warning("jvm/heap-dump-on-data-volume")
            .reason(
                    "A dump is as large as the heap; a few of them fill the volume that the partitions need, and a full one"
                            + " stops the broker.")
            .remedy("Write dumps to the volume for logs.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> JvmOptions.forEach(
                    cluster,
                    (component, options) -> options.value("-XX:HeapDumpPath=")
                            .filter(path -> DATA.matcher(path).matches())
                            .ifPresent(path -> report.finding(
                                    options.path(component.key(), "-XX:HeapDumpPath="), "heap dumps go to " + path))))
            .build();

    static final Rule TLS_DEBUG = Rule.warning("jvm/tls-debug")
            .reason(
                    "Handshakes, certificates and with 'all' the decrypted bytes are written to standard output, which fills"
                            + " logs and slows every connection down.")
            .remedy("Remove it when the problem is found.")
            .source(
                    "https://docs.oracle.com/en/java/javase/17/security/java-secure-socket-extension-jsse-reference-guide.html")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (String debug :
                        List.of("-Djavax.net.debug", "-Djava.security.debug", "-Dsun.security.krb5.debug=true")) {
                    options.find(debug)
                            .filter(option -> Reliance.isReliedOn(cluster))
                            .ifPresent(
                                    option -> report.finding(options.path(component.key(), debug), "'" + option + "'"));
                }
            }))
            .build();

    private static final String JMX = "-Dcom.sun.management.jmxremote.";

    static final Rule OPEN_JMX = Rule.error("jvm/jmx-without-authentication")
            .reason("Remote JMX runs code of the caller's choice in the process: without authentication, anyone's.")
            .remedy(
                    "Remove jmxremote.authenticate=false, or bind it with -Dcom.sun.management.jmxremote.host=127.0.0.1.")
            .source(
                    "https://docs.oracle.com/en/java/javase/17/management/monitoring-and-management-using-jmx-technology.html")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                if (isRemote(options) && isOff(options, "authenticate") && Reliance.isReliedOn(cluster)) {
                    report.finding(
                            options.path(component.key(), JMX + "authenticate="), "remote JMX asks nobody who it is");
                }
            }))
            .build();

    static final Rule PLAIN_JMX = Rule.warning("jvm/jmx-without-tls")
            .reason("The password of remote JMX and all that is asked through it can be read on the way.")
            .remedy("Remove jmxremote.ssl=false, or bind it with -Dcom.sun.management.jmxremote.host=127.0.0.1.")
            .source(
                    "https://docs.oracle.com/en/java/javase/17/management/monitoring-and-management-using-jmx-technology.html")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                if (isRemote(options) && isOff(options, "ssl") && Reliance.isReliedOn(cluster)) {
                    report.finding(options.path(component.key(), JMX + "ssl="), "remote JMX is not encrypted");
                }
            }))
            .build();

    private static boolean isRemote(JvmOptions options) {
        String host = options.value(JMX + "host=").orElse("");
        return options.find(JMX + "port=").isPresent()
                && !host.equals("localhost")
                && !host.startsWith("127.")
                && !host.equals("::1");
    }

    private static boolean isOff(JvmOptions options, String what) {
        return options.value(JMX + what + "=")
                .filter(value -> value.equalsIgnoreCase("false"))
                .isPresent();
    }

    static final Rule DEBUGGER = Rule.error("jvm/debugger")
            .reason("Whoever reaches the debugger's port runs code in the process, with all of its keys and rights.")
            .remedy("Remove it.")
            .source("https://docs.oracle.com/en/java/javase/17/docs/specs/jpda/conninv.html")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (String agent : List.of("-agentlib:jdwp", "-Xrunjdwp")) {
                    if (options.find(agent).isPresent() && Reliance.isReliedOn(cluster)) {
                        report.finding(options.path(component.key(), agent), "a debugger may attach");
                    }
                }
            }))
            .build();

    /** Switches of the JDK, Log4j and Kafka that open again what was closed after an attack. */
    private static final Pattern UNSAFE = Pattern.compile(
            "-Dcom\\.sun\\.jndi\\.(ldap|rmi|cosnaming)\\.object\\.trustURLCodebase=true"
                    + "|-Dlog4j2\\.enableJndi(Lookup|Jms|Jdbc|ContextSelector)?=true"
                    + "|-Dlog4j2\\.formatMsgNoLookups=false"
                    + "|-Dorg\\.apache\\.kafka\\.disallowed\\.login\\.modules="
                    + "|-Djdk\\.internal\\.httpclient\\.disableHostnameVerification(=true)?"
                    + "|-Dcom\\.sun\\.jndi\\.ldap\\.object\\.disableEndpointIdentification=true",
            Pattern.CASE_INSENSITIVE);

    static final Rule UNSAFE_SWITCH = Rule.error("jvm/unsafe-switch")
            .reason(
                    "It opens again what was closed after attacks: classes loaded from a server that a log line, a login"
                            + " module or a directory names, or names of servers that nobody checks.")
            .remedy("Remove it.")
            .source(
                    "CVE-2021-44228; CVE-2023-25194; https://docs.oracle.com/en/java/javase/17/core/java-networking.html")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (int i = 0; i < options.asList().size(); i++) {
                    String option = options.asList().get(i);
                    if (UNSAFE.matcher(option).matches()) {
                        report.finding("spec." + component.key() + ".jvm.options[" + i + "]", "'" + option + "'");
                    }
                }
            }))
            .build();

    private static final Pattern PASSWORD = Pattern.compile(
            "(-D[^=]*(?:password|passwd|passphrase|secret|token|credential)[^=]*)=(.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_ITSELF = Pattern.compile(
            ".*(file|path|location|url|uri|endpoint|class|name|type|provider)", Pattern.CASE_INSENSITIVE);

    static final Rule PASSWORDS = Rule.error("jvm/password-in-options")
            .reason(
                    "The command line of a process is for all to read: in the list of processes, in the pod's description and"
                            + " in this file.")
            .remedy("Name a file that a Secret is mounted as, or let a configuration provider read it.")
            .source("CWE-214: Invocation of Process Using Visible Sensitive Information")
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (int i = 0; i < options.asList().size(); i++) {
                    Matcher password = PASSWORD.matcher(options.asList().get(i));
                    if (password.matches()
                            && !NOT_ITSELF.matcher(password.group(1)).matches()
                            && !password.group(2).contains("${")) {
                        report.finding(
                                "spec." + component.key() + ".jvm.options[" + i + "]",
                                "the value of '" + password.group(1) + "' looks like a secret");
                    }
                }
            }))
            .build();

    static final List<Rule> ALL = List.of(
            PASSWORDS,
            ABORTING,
            OUTDATED,
            TWO_COLLECTORS,
            STOPPING,
            LIVES_ON,
            EXPLICIT_GC,
            DUMP_ON_DATA,
            TLS_DEBUG,
            OPEN_JMX,
            PLAIN_JMX,
            DEBUGGER,
            UNSAFE_SWITCH);

    private JvmOptionRules() {}
}
