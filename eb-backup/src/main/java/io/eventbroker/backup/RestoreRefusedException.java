package io.eventbroker.backup;

import io.eventbroker.core.EventBrokerException;
import java.util.List;

/** A recovery point cannot be restored into that cluster as it is now. Names every obstacle; nothing was changed. */
public final class RestoreRefusedException extends EventBrokerException {
    private final List<String> obstacles;

    RestoreRefusedException(RecoveryPoint point, List<String> obstacles) {
        super(point + " cannot be restored:\n  - " + String.join("\n  - ", obstacles));
        this.obstacles = List.copyOf(obstacles);
    }

    public List<String> obstacles() {
        return obstacles;
    }
}
