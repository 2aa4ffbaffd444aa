package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a record component is when the file does not say: YAML text, such as {@code 3}, {@code [a, b]} or {@code {}} (a
 * record made of its own defaults). Components without it are required, except {@code Optional} and collections, which
 * are empty when absent.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** The value as it would be written in a file. */
    String value();
}
