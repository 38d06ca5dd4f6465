#include "infra/sql/sqlite.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace afterresume::sql {

InstanceLock::InstanceLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (descriptor_ < 0) {
        throw Error(
            ErrorKind::unavailable, "sql.away",
            fmt::format("{} cannot be opened: {}.", file.string(), std::strerror(errno))
        );
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(descriptor_);
    throw Error(
        ErrorKind::conflict, "sql.locked",
        fmt::format(
            "Another AfterResume serves this data already ({} is locked). Stop it first, or give "
            "this one a "
            "folder of its own with DATA_DIR.",
            file.string()
        )
    );
}

InstanceLock::~InstanceLock() { ::close(descriptor_); }

}  // namespace afterresume::sql
