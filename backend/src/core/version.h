// Optimistic locking. Each changeable row has a version that grows with every change; a writer says
// which one it saw.
#pragma once

#include "core/error.h"

#include <cstdint>
#include <optional>

namespace afterresume {

// What the writer saw; nothing means "overwrite whatever is there".
struct Match {
    std::optional<std::int64_t> version;

    // Throws Error(precondition, "request.changed_meanwhile").
    void require(std::int64_t current) const {
        if (!version || *version == current) return;
        throw Error(
            ErrorKind::precondition, "request.changed_meanwhile",
            "It was changed by someone else in the meantime; read it again."
        );
    }
};

}  // namespace afterresume
