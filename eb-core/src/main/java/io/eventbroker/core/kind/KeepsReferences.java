package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A map of text whose values may be references to what lives elsewhere: {@code ${secret:NAME/KEY}},
 * {@code ${configMap:NAME/KEY}}, or those that Kafka's own configuration providers understand. A reference that no
 * resolver of the host is for stays as it is; anywhere else it is a mistake.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface KeepsReferences {}
