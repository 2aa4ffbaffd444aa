package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What schemas say to the person who writes a file: of a type what its text looks like, with the unit and an example; of
 * a record component what it means. One sentence without the full stop at its end.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Description {
    /** Begins with a capital letter. */
    String value();
}
