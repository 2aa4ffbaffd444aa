package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.kafka.EmbeddedKafkaBuilder;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a Kafka cluster; parameters of type {@link io.eventbroker.testkit.kafka.EmbeddedKafka} and {@link
 * org.apache.kafka.clients.admin.Admin} receive it. On a parameter it asks for a cluster of that parameter's own
 * instead, which lives as long as what the parameter belongs to: a test method, or the class for constructors and
 * {@code @BeforeAll}.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EventBrokerExtension.class)
public @interface WithKafka {
    /** How many brokers. */
    int brokers() default 1;

    /** The racks, dealt out to the brokers in turn. */
    String[] racks() default {};

    /** Properties of every node, as {@code key=value}. */
    String[] properties() default {};

    /** How long the cluster of a class lives. A cluster of a parameter is never shared. */
    Lifetime lifetime() default Lifetime.CLASS;

    /** Runs brokers as processes of their own. */
    boolean processes() default false;

    /** Puts a fault proxy before every broker. */
    boolean proxies() default false;

    /** For all that an annotation cannot say: has a constructor without parameters, and is applied last. */
    Class<? extends Consumer<EmbeddedKafkaBuilder>> customizer() default NoCustomizer.class;

    /** How long a cluster lives. */
    enum Lifetime {
        /** One cluster for all tests of a class: tests share topics and groups. The default, for speed. */
        CLASS,
        /** A fresh cluster for each test method. */
        METHOD
    }

    /** Leaves the builder as it is. */
    final class NoCustomizer implements Consumer<EmbeddedKafkaBuilder> {
        /** Made by the extension. */
        public NoCustomizer() {}

        @Override
        public void accept(EmbeddedKafkaBuilder builder) {}
    }
}
