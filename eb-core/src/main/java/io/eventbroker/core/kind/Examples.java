package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Texts that the type's {@code parse(String)} accepts, as different as possible. Where a file holds something else, the
 * checks of the records around it go on with each of these, and what they refuse every time is reported along with the
 * mistake. Only needed by types that accept neither plain words nor whole numbers.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Examples {
    String[] value();
}
