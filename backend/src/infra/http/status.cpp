#include "infra/http/status.h"

namespace afterresume::http {

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::malformed:
            return 400;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::insufficient_credit:
            return 402;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::gone:
            return 410;
        case ErrorKind::precondition:
            return 412;
        case ErrorKind::too_large:
            return 413;
        case ErrorKind::unsupported:
            return 415;
        case ErrorKind::invalid:
            return 422;
        case ErrorKind::precondition_required:
            return 428;
        case ErrorKind::rate_limited:
        case ErrorKind::quota_exceeded:
            return 429;
        case ErrorKind::upstream:
            return 502;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::storage_full:
            return 507;
        case ErrorKind::internal:
            break;
    }
    return 500;
}

}  // namespace afterresume::http
