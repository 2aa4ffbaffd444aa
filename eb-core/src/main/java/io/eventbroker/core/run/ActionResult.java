package io.eventbroker.core.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.eventbroker.core.plan.ActionId;
import org.jspecify.annotations.Nullable;

/**
 * What became of one action.
 *
 * @param action its id
 * @param summary its summary, so that a report can be read without the plan
 * @param outcome what became of it
 * @param detail why it failed, what was found in place, or what the driver wants kept; may be empty
 * @param cause what was thrown, if anything; not written to JSON
 */
public record ActionResult(
        ActionId action,
        String summary,
        Outcome outcome,
        String detail,
        @JsonIgnore @Nullable Throwable cause) {}
