package io.eventbroker.core.connect;

/**
 * What a worker can run.
 *
 * @param className fully qualified
 * @param type {@code source}, {@code sink}, {@code converter}, {@code header_converter}, {@code transformation}, {@code
 *     predicate}
 * @param version of the plug-in; empty where it says none
 */
public record ConnectorPlugin(String className, String type, String version) {}
