package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component that is a record whose own components are written in its place, beside the others: so that several records
 * share what they have in common, and files do not show it. The names must not clash. The record that is shared checks
 * nothing by itself; the record around it does, so that the faults of both are found together.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inline {}
