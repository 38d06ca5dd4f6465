#include "infra/resealing/resealing.h"

#include "infra/crypto/crypto.h"

namespace afterresume::resealing {

Resealed reseal(
    const std::vector<std::string>& keys, std::string_view sealed, std::string_view context
) {
    for (const auto& key : keys) {
        auto text = crypto::open(key, sealed, context);
        if (!text) continue;
        if (&key == &keys.front()) return {Key::newest, {}};
        return {Key::former, crypto::seal(keys.front(), *text, context)};
    }
    return {Key::unknown, {}};
}

void Tally::add(Key key) {
    switch (key) {
        case Key::newest:
            ++newest;
            break;
        case Key::former:
            ++former;
            break;
        case Key::unknown:
            ++unknown;
            break;
    }
}

void Tally::add(const Tally& other) {
    newest += other.newest;
    former += other.former;
    unknown += other.unknown;
}

}  // namespace afterresume::resealing
