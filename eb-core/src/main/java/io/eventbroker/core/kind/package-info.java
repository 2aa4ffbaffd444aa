/**
 * What a kind of document is: its name, the record that it becomes, and the checks that go beyond one record.
 *
 * <p>Modules declare their kinds here and hosts register them with {@code Specs.with}. Start reading at
 * {@link io.eventbroker.core.kind.Kind}. A record validates itself in its compact constructor and reports through
 * {@link io.eventbroker.core.kind.Checks}; how components are written in files is said by
 * {@link io.eventbroker.core.kind.Default}, {@link io.eventbroker.core.kind.Inherit} and
 * {@link io.eventbroker.core.kind.Metadata}. Everything is immutable except {@link io.eventbroker.core.kind.Checks} and
 * {@link io.eventbroker.core.kind.Findings}, which belong to one thread.
 */
@NullMarked
package io.eventbroker.core.kind;

import org.jspecify.annotations.NullMarked;
