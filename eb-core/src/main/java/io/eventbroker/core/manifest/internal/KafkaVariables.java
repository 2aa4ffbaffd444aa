package io.eventbroker.core.manifest.internal;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Variables of the images {@code cp-kafka}, {@code cp-server} and {@code apache/kafka}, which write them into the broker's
 * properties: {@code KAFKA_LOG_RETENTION_HOURS} is {@code log.retention.hours}. Two underscores stand for one, three for a
 * hyphen, in Confluent's utility {@code ub} and its predecessor {@code dub} as in Kafka's own
 * {@code kafka.docker.KafkaDockerWrapper} (KIP-975); Confluent's documentation says it the other way round.
 */
public final class KafkaVariables {
    public static final String PREFIX = "KAFKA_";

    /** Those that the images' scripts read themselves. */
    private static final Pattern NO_PROPERTY =
            Pattern.compile("KAFKA_(VERSION|HOME|PORT|CONFIG|CLUSTER_ID|.*_OPTS|JMX_.*"
                    + "|LOG4J_.*|TOOLS_LOG4J_.*|DEBUG.*|ADVERTISED_HOST_NAME|SERVER_PROPERTIES.*"
                    + "|SSL_(KEYSTORE|KEY|TRUSTSTORE)_(FILENAME|CREDENTIALS))");

    private KafkaVariables() {}

    /** Whether the images make a property of the variable. */
    public static boolean isProperty(String variable) {
        return variable.startsWith(PREFIX) && !NO_PROPERTY.matcher(variable).matches();
    }

    /**
     * The key of the property that a variable stands for.
     *
     * @param variable without the prefix: {@code LOG_RETENTION_HOURS}
     */
    public static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT)
                .replace("___", "\u0000")
                .replace("__", "\u0001")
                .replace('_', '.')
                .replace('\u0001', '_')
                .replace('\u0000', '-');
    }
}
