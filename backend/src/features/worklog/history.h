// Earlier versions of an entry, on the wire.
#pragma once

#include "features/worklog/model.h"

namespace afterresume::worklog {

struct Revision {
    std::int64_t version = 0;
    RawJson entry;
    Timestamp changed_at;
};
BOOST_DESCRIBE_STRUCT(Revision, (), (version, entry, changed_at))

struct History {
    std::vector<Revision> items;
};
BOOST_DESCRIBE_STRUCT(History, (), (items))

}  // namespace afterresume::worklog
