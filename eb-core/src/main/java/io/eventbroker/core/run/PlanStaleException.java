package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.PlanBasis;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan that was made for another cluster, another environment, or a state that has changed since. Nothing was done.
 *
 * <p>Kafka leaves out what a principal may not describe, so a missing right looks like a change: the message names what
 * was there for who planned and is not for this run, if the module says what its plans are about.
 */
public class PlanStaleException extends EventBrokerException {
    private static final int NAMED = 10;

    public PlanStaleException(String message) {
        super(message);
    }

    /** For a state with another fingerprint on the same cluster. */
    static PlanStaleException changed(PlanBasis then, PlanBasis now) {
        List<String> gone = new ArrayList<>();
        List<String> come = new ArrayList<>();
        then.objects().forEach((name, wasThere) -> {
            boolean isThere = now.objects().getOrDefault(name, false);
            if (wasThere && !isThere) {
                gone.add(name);
            } else if (!wasThere && isThere) {
                come.add(name);
            }
        });
        now.objects().forEach((name, isThere) -> {
            if (isThere && !then.objects().containsKey(name)) {
                come.add(name);
            }
        });
        StringBuilder text =
                new StringBuilder("what the plan was made from has changed on cluster " + then.clusterId() + " since");
        if (!gone.isEmpty()) {
            text.append("; not visible any more: ")
                    .append(some(gone))
                    .append(" (deleted, or this run's client lacks the right to describe: Kafka then leaves them out)");
        }
        if (!come.isEmpty()) {
            text.append("; not visible before: ").append(some(come));
        }
        if (gone.isEmpty() && come.isEmpty() && !then.objects().isEmpty()) {
            text.append("; what it is about is all there, but not as it was");
        }
        text.append("; plan again and compare the two with changesSince");
        if (then.objects().isEmpty()) {
            text.append("; if that does not help, this run's client may see less than the one that planned");
        }
        return new PlanStaleException(text.toString());
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
