// The way in by a share link, for whoever has it: who follows one reads as its maker, and that one
// report only. Owned by app/; opens its own short transactions, because checking a password must
// not hold one.
#pragma once

#include "features/accounts/guesses.h"
#include "features/sharing/disclosure.h"
#include "features/sharing/service.h"

namespace afterresume::sharing {

enum class Outcome : std::uint8_t {
    // The link leads nowhere; nobody is told why.
    nothing,
    // It has a password, and it was not given, or wrong.
    locked,
    opened,
};

// What a request of a link counts for. Machines fetch what people are sent, before anybody looks.
enum class Counting : std::uint8_t {
    // Whoever asks reads it.
    view,
    // Perhaps a preview: what may be seen so many times only is neither shown nor counted.
    view_unless_limited,
    // Nobody is shown the answer.
    nothing,
};

struct Opened {
    Outcome outcome = Outcome::nothing;
    // Where it was opened, and shown.
    std::optional<SharedReport> report{};
    // Whether it may be seen so many times only.
    bool limited = false;
};

class Opening {
public:
    struct Parts {
        sql::Database& database;
        Repository& links;
        Service& shares;
        reporting::Service& reports;
        accounts::Hashing& hashing;
        accounts::Guesses& guesses;
        const Clock& clock;
    };
    explicit Opening(Parts parts) : parts_(parts) {}

    // What the link shows now; a view is counted and noted by its time. Throws Error: rate_limited
    // ("accounts.locked") after ten wrong passwords within a quarter of an hour, unavailable
    // ("accounts.busy").
    Task<Opened> open(
        std::string token, std::optional<std::string> password, Uuid correlation,
        Counting counting = Counting::view
    );

private:
    Task<Opened> look_at(Scope scope, Place place, Counting counting);
    Task<Opened> view(Scope scope, Place place);
    Task<bool> is_right(Id<ShareLink> id, std::string hash, std::string password);

    Parts parts_;
};

}  // namespace afterresume::sharing
