package io.eventbroker.core.topology;

import java.util.Optional;

/**
 * That a component needs another one to work.
 *
 * @param from who needs it
 * @param to what is needed; it must be there first
 * @param over the listener of {@code to} that {@code from} connects to; empty if it has none that suits
 */
public record Dependency(Component from, Component to, Optional<Listener> over) {}
