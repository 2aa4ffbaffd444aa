package io.eventbroker.scaling;

import io.eventbroker.core.law.ArchitectureLaws;

class ScalingArchitectureTest extends ArchitectureLaws {
    @Override
    protected String module() {
        return "scaling";
    }
}
