// The one place that knows which kind of error is which HTTP status.
#pragma once

#include "core/error.h"

namespace afterresume::http {

int status_of(ErrorKind kind);

}  // namespace afterresume::http
