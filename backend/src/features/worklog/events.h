// What happens to entries, for whoever follows.
#pragma once

#include "features/worklog/model.h"

namespace afterresume::worklog {

struct EntryWritten {
    static constexpr std::string_view event_name = "worklog.entry_written";
    Id<Entry> entry_id;
    bool operator==(const EntryWritten&) const = default;
};
BOOST_DESCRIBE_STRUCT(EntryWritten, (), (entry_id))

struct EntryEdited {
    static constexpr std::string_view event_name = "worklog.entry_edited";
    Id<Entry> entry_id;
    bool operator==(const EntryEdited&) const = default;
};
BOOST_DESCRIBE_STRUCT(EntryEdited, (), (entry_id))

// Also told when an entry comes back.
struct EntryRemoved {
    static constexpr std::string_view event_name = "worklog.entry_removed";
    Id<Entry> entry_id;
    bool operator==(const EntryRemoved&) const = default;
};
BOOST_DESCRIBE_STRUCT(EntryRemoved, (), (entry_id))

struct EntryAnalysed {
    static constexpr std::string_view event_name = "worklog.entry_analysed";
    Id<Entry> entry_id;
    bool operator==(const EntryAnalysed&) const = default;
};
BOOST_DESCRIBE_STRUCT(EntryAnalysed, (), (entry_id))

}  // namespace afterresume::worklog
