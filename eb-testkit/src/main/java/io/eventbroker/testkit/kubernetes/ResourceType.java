package io.eventbroker.testkit.kubernetes;

/** A kind that the server knows, and the name that it has in paths. */
record ResourceType(String apiVersion, String kind, String plural, boolean namespaced) {

    String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    String version() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }
}
