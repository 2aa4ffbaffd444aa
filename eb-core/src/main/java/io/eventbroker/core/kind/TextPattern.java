package io.eventbroker.core.kind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the text of a value type looks like, for the schemas that editors and Kubernetes check files with before the type
 * itself does. Whatever the type reads must match; it may refuse more, for numbers out of range for one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface TextPattern {
    /**
     * A regular expression for the whole text, in what JavaScript, Java and RE2 have in common: no look-around, no
     * possessive quantifiers, no back references.
     */
    String value();
}
