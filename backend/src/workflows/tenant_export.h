// All that people wrote in a tenant as one document, for its owners. An attempt that is killed
// leaves its pieces to the nightly clean-up, and the next one begins anew.
#pragma once

#include "engine/orchestration/workflow.h"
#include "features/exports/service.h"
#include "workflows/maintenance.h"

namespace afterresume::workflows {

class TenantExport : public orchestration::WorkflowOf<NoArgs> {
public:
    TenantExport(exports::Service& exports, const Clock& clock)
        : exports_(exports), clock_(clock) {}

protected:
    Task<void> run(orchestration::Run& run, NoArgs args) override;

private:
    exports::Service& exports_;
    const Clock& clock_;
};

}  // namespace afterresume::workflows
