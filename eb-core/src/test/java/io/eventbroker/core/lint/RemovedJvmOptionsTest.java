package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules say that Java refuses is tried with the Java that runs the test. */
class RemovedJvmOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseConcMarkSweepGC",
                "-XX:-UseParNewGC",
                "-XX:+CMSScavengeBeforeRemark",
                "-XX:CMSInitiatingOccupancyFraction=70",
                "-XX:ParallelCMSThreads=2",
                "-XX:+UseCMSInitiatingOccupancyOnly",
                "-XX:+AggressiveOpts",
                "-XX:+UseParallelOldGC",
                "-XX:+PrintGCDateStamps",
                "-XX:+PrintGCTimeStamps",
                "-XX:+PrintGCCause",
                "-XX:+PrintHeapAtGC",
                "-XX:+PrintTenuringDistribution",
                "-XX:+PrintAdaptiveSizePolicy",
                "-XX:+PrintGCApplicationStoppedTime",
                "-XX:+UseGCLogFileRotation",
                "-XX:NumberOfGCLogFiles=10",
                "-XX:GCLogFileSize=100M",
                "-XX:MaxPermSize=256m",
                "-XX:PermSize=64m",
                "-XX:+UseCGroupMemoryLimitForHeap",
                "-XX:+UnlockCommercialFeatures",
                "-XX:+UseSplitVerifier",
                "-XX:+UseFastAccessorMethods",
                "-XX:+TraceClassLoading",
                "-XX:+UseMembar",
                "-Xincgc",
                "-d64",
                "-d32",
                "-Djava.endorsed.dirs=/opt/endorsed",
                "-Djava.ext.dirs=/opt/ext"
            })
    void knowsWhatJavaRefuses(String option) throws Exception {
        assertThat(JvmOptionRules.isRemoved(option)).isTrue();
        assertThat(starts(option)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:+PrintGCDetails",
                "-XX:+DisableExplicitGC",
                "-XX:+ExplicitGCInvokesConcurrent",
                "-XX:+ParallelRefProcEnabled",
                "-Xlog:gc*"
            })
    void leavesWhatJavaTakes(String option) throws Exception {
        assertThat(JvmOptionRules.isRemoved(option)).isFalse();
        assertThat(starts(option)).isTrue();
    }

    private static boolean starts(String option) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-Xshare:auto", "-Xmx32m", option, "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }
}
