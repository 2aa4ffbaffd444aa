package io.eventbroker.provisioning;

import io.eventbroker.core.law.ArchitectureLaws;

class ProvisioningArchitectureTest extends ArchitectureLaws {
    @Override
    protected String module() {
        return "provisioning";
    }
}
