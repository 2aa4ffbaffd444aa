package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import java.util.Optional;

/**
 * A property that is not as the files say.
 *
 * @param broker whose it is, if it is a broker's
 * @param topic whose it is, if it is a topic's
 * @param kind what is different
 * @param found the live value for people; a secret's is hidden
 * @param wanted what should hold instead; empty where files say nothing and Kafka has no default
 * @param updateMode how it is changed; of what is to be removed, how it is removed
 */
public record ConfigDifference(
        Optional<BrokerId> broker,
        Optional<TopicName> topic,
        String key,
        Kind kind,
        String found,
        Optional<Setting> wanted,
        UpdateMode updateMode) {

    /** What is different about it. */
    public enum Kind {
        /** Another value than the one that a file sets. */
        CHANGED,
        /**
         * Another value than the one that a file sets for all brokers, set dynamically for this broker alone. It wins over
         * all that is set cluster-wide: remove it from the broker, then set the wanted value cluster-wide if it still
         * differs.
         */
        OVERRIDDEN,
        /** Set on the running cluster, in no file: removing it brings back what should hold. */
        STRAY,
        /** In the file that the broker was started with, but in none of ours. */
        UNDESCRIBED
    }

    /** {@code broker 1 num.io.threads: 8, should be 16 ← kafka.yaml:12, cluster; changes cluster-wide}. */
    @Override
    public String toString() {
        return text(broker.map(id -> "broker " + id).orElse(""));
    }

    ConfigDifference ofNoBroker() {
        return new ConfigDifference(Optional.empty(), topic, key, kind, found, wanted, updateMode);
    }

    /** The same for several brokers that differ in the same way. */
    String text(String brokers) {
        return brokers
                + topic.map(name -> "topic " + name).orElse("") + " " + key
                + ": " + found
                + switch (kind) {
                    case CHANGED ->
                        ", should be " + wanted.map(Setting::explained).orElse("not set");
                    case OVERRIDDEN ->
                        " is set dynamically per broker, over what is set cluster-wide; should be "
                                + wanted.map(Setting::explained).orElse("not set")
                                + "; remove it there, then set it cluster-wide if it still differs";
                    case STRAY ->
                        " is set dynamically and in no file; without it "
                                + wanted.map(Setting::explained).orElse("nothing is set");
                    case UNDESCRIBED ->
                        " is in the broker's own file and in none that was read; without it "
                                + wanted.map(Setting::explained).orElse("nothing is set");
                }
                + "; changes " + updateMode;
    }
}
