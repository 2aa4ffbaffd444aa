package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The numbers that a record component, or every value of a type, may be: for the schemas that editors and Kubernetes check
 * files with. The record's compact constructor refuses the others too, in its own words. Of what may also be text, such
 * as a size, it holds for bare numbers. Where there can be none, on lists, maps, booleans, enums, durations, records and
 * text that is no number, it is refused when the kind is registered.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Range {
    /** The least number that is allowed. */
    long min() default Long.MIN_VALUE;

    /** The largest number that is allowed. */
    long max() default Long.MAX_VALUE;

    /** A number that is too small, and the last one that is, where fractions are allowed. */
    long above() default Long.MIN_VALUE;
}
