package io.eventbroker.scaling;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.ForwardingPlan;
import io.eventbroker.core.plan.PlanType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Moves of replicas with their certificate: what they cost, what they reach, and the bounds that no plan can undercut.
 * The certificate is part of the plan's facts, so it is saved, hashed and approved with it. Immutable.
 */
public final class PlacementPlan extends ForwardingPlan<Move> {
    /** The saved form's kind and actions. */
    public static final PlanType<Move> TYPE =
            PlanType.named("placement", Move.class).action("move", Move.class).build();

    static final String BYTES = "bytesToCopy";
    static final String BYTES_BOUND = "bytesToCopyLowerBound";
    static final String LEADER_CHANGES = "leaderChanges";
    static final String BAND = "bandPercent";
    static final String BUSIEST = "bytesOfBusiestBroker";
    static final String BROKERS = "brokers";
    static final String THROTTLE = "throttleBytesPerSecond";

    private final List<BrokerLoad> brokers;

    PlacementPlan(ActionPlan<Move> plan) {
        super(plan);
        this.brokers = List.of(CanonicalJson.read(fact(BROKERS), BrokerLoad[].class));
        number(BYTES);
        number(BYTES_BOUND);
        number(LEADER_CHANGES);
        number(BAND);
        number(BUSIEST);
    }

    /**
     * Reads a plan that {@link #toJson} wrote.
     *
     * @throws EventBrokerException if the text is damaged or of another kind
     */
    public static PlacementPlan read(String json) {
        return new PlacementPlan(TYPE.read(json));
    }

    /** What all arriving replicas have to fetch, as of planning. */
    public DataSize bytesToCopy() {
        return DataSize.ofBytes(number(BYTES));
    }

    /**
     * What any plan that ends as near to the fair shares has to copy: the larger of what lies above the band and what
     * lacks below it, and all that draining brokers hold.
     */
    public DataSize bytesLowerBound() {
        return DataSize.ofBytes(number(BYTES_BOUND));
    }

    /** How much more than the bound is copied, in percent, rounded up; 0 if nothing needs to be copied. */
    public int gapPercent() {
        long bound = number(BYTES_BOUND);
        return bound == 0 ? 0 : (int) Math.ceil(100.0 * (number(BYTES) - bound) / bound);
    }

    /** How many partitions get another preferred leader. */
    public int leaderChanges() {
        return (int) number(LEADER_CHANGES);
    }

    public Band band() {
        return Band.percent((int) number(BAND));
    }

    /** The time that no run can undercut at that throttle: what the busiest broker receives or sends takes so long. */
    public Duration shortestTime(Rate throttle) {
        return throttle.timeFor(DataSize.ofBytes(number(BUSIEST)));
    }

    /** Every broker, by id, with what it holds before and after. */
    public List<BrokerLoad> brokers() {
        return brokers;
    }

    /** The fullest broker over the average, in bytes, before the plan; 1 is even. */
    public double maxOverAverageBefore() {
        return maxOverAverage(load -> load.before().bytes().bytes());
    }

    /** The fullest broker over the average, in bytes, after the plan; 1 is even. */
    public double maxOverAverageAfter() {
        return maxOverAverage(load -> load.after().bytes().bytes());
    }

    private double maxOverAverage(ToDoubleFunction<BrokerLoad> bytes) {
        double total = brokers.stream().mapToDouble(bytes).sum();
        // A drained broker takes no part afterwards, so the average is that of the brokers that stay.
        long staying =
                brokers.stream().filter(load -> load.fairShare().bytes() > 0).count();
        double most = brokers.stream().mapToDouble(bytes).max().orElse(0);
        return total == 0 ? 1 : most * staying / total;
    }

    /** The bytes of every broker before and after, as a picture that needs nothing but itself. */
    public String toSvg() {
        return BalanceChart.draw(this);
    }

    @Override
    public void printTo(Appendable out) {
        try {
            print(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(Appendable out) throws IOException {
        out.append("Plan placement for ").append(basis().clusterId()).append(": ");
        if (isEmpty()) {
            out.append("nothing to do, every broker is within ")
                    .append(band().toString())
                    .append('\n');
        } else {
            out.append(String.format(
                    Locale.ROOT,
                    "%d moves, %s (bound %s, gap %d %%), %d leader changes%n",
                    actions().size(),
                    bytesToCopy().forPeople(),
                    bytesLowerBound().forPeople(),
                    gapPercent(),
                    leaderChanges()));
        }
        Optional<Rate> throttle =
                Optional.ofNullable(facts().get(THROTTLE)).map(text -> Rate.bytesPerSecond(Long.parseLong(text)));
        if (throttle.isPresent()) {
            out.append("  at least ")
                    .append(forPeople(shortestTime(throttle.get())))
                    .append(" at ")
                    .append(throttle.get().toString())
                    .append(" a broker\n");
        }
        for (String note : notes()) {
            out.append("  ! ").append(note).append('\n');
        }
        out.append(String.format(
                Locale.ROOT,
                "  fullest broker %.3f × the average, then %.3f ×%n",
                maxOverAverageBefore(),
                maxOverAverageAfter()));
        out.append(String.format(
                Locale.ROOT, "  %6s  %-12s %23s %17s %15s%n", "broker", "rack", "bytes", "replicas", "leaders"));
        for (BrokerLoad load : brokers) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %6s  %-12s %23s %17s %15s%n",
                    load.broker(),
                    load.rack(),
                    beforeAfter(load, holding -> holding.bytes().forPeople()),
                    beforeAfter(load, holding -> Integer.toString(holding.replicas())),
                    beforeAfter(load, holding -> Integer.toString(holding.leaders()))));
        }
        for (Move move : actions()) {
            out.append("  ")
                    .append(move.changesLeader() ? '~' : '+')
                    .append(' ')
                    .append(move.summary())
                    .append('\n');
        }
        out.append("  hash ").append(hash().abbreviated()).append('\n');
    }

    private static String beforeAfter(BrokerLoad load, Function<BrokerLoad.Holding, String> text) {
        return text.apply(load.before()) + " → " + text.apply(load.after());
    }

    private static String forPeople(Duration time) {
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private String fact(String name) {
        String value = facts().get(name);
        if (value == null) {
            throw new EventBrokerException("the saved placement plan is damaged: it has no fact '" + name + "'");
        }
        return value;
    }

    private long number(String name) {
        try {
            return Long.parseLong(fact(name));
        } catch (NumberFormatException e) {
            throw new EventBrokerException(
                    "the saved placement plan is damaged: fact '" + name + "' is no number, was '" + fact(name) + "'",
                    e);
        }
    }
}
