package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * When the file does not say, a text component takes the value of the same-named component of the nearest enclosing
 * record, which must be declared before the enclosed one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inherit {
    /** Added to the inherited text. */
    String suffix() default "";
}
