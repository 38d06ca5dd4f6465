#include "app/key_fingerprints.h"

#include "app/databases.h"
#include "app/keys.h"
#include "app/run_task.h"
#include "infra/crypto/crypto.h"

#include <algorithm>
#include <functional>

namespace afterresume::app {

namespace {

constexpr std::string_view secret_name = "SECRET_KEY";
constexpr std::string_view encryption_name = "ENCRYPTION_KEY";
constexpr std::string_view purpose = "key fingerprint";

struct KeyFingerprint {
    std::string name;
    std::string fingerprint;

    bool operator==(const KeyFingerprint&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeyFingerprint, (), (name, fingerprint))

// The newest first.
using Fingerprints = std::vector<std::string>;

struct Keys {
    Fingerprints secret;
    Fingerprints encryption;
};

Fingerprints in_hex(Fingerprints keys) {
    for (auto& key : keys) key = crypto::hex(key);
    return keys;
}

Keys fingerprints_of(const config::Settings& settings, const std::string& secret) {
    return {
        in_hex(signing_keys(settings, secret, purpose)),
        in_hex(sealing_keys(settings, secret, purpose)),
    };
}

bool holds(const Fingerprints& keys, const std::string& fingerprint) {
    return std::ranges::find(keys, fingerprint) != keys.end();
}

Task<std::vector<KeyFingerprint>> known(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "keys.known", "SELECT name, fingerprint FROM key_fingerprint ORDER BY name"
    };
    return tx.all<KeyFingerprint>(statement);
}

void keep(sql::Tx& tx, const KeyFingerprint& key) {
    static constexpr sql::Statement statement{"keys.keep", R"sql(
        INSERT INTO key_fingerprint (name, fingerprint) VALUES (:name, :fingerprint)
        ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint)sql"};
    tx.defer(statement, key);
}

std::string what_is_wrong(const KeyFingerprint& known, const Keys& keys, NewKeys accepted) {
    if (known.name == secret_name && !holds(keys.secret, known.fingerprint) && !accepted.secret)
        return " SECRET_KEY is not the one that this database knows. Set that one again (where "
               "none is set, it is in DATA_DIR/secret.key), or add it to SECRET_KEY_PREVIOUS; if "
               "it is lost or told, stop every process and run `afterresume migrate "
               "--accept-new-secret-key`.";
    if (known.name == encryption_name && !holds(keys.encryption, known.fingerprint) &&
        !accepted.encryption)
        return " ENCRYPTION_KEY is not the one that this database is sealed with. Add that one to "
               "ENCRYPTION_KEYS_PREVIOUS (where none was set, it was SECRET_KEY); if it is lost, "
               "give up what it sealed by `afterresume migrate --accept-new-encryption-key`.";
    return {};
}

bool has_former_secret(const std::vector<KeyFingerprint>& known, const Keys& keys) {
    return std::ranges::any_of(known, [&](const KeyFingerprint& key) {
        return key.name == secret_name && key.fingerprint != keys.secret.front();
    });
}

void require(const std::vector<KeyFingerprint>& known, const Keys& keys, NewKeys accepted) {
    std::string wrong;
    for (const auto& key : known) wrong += what_is_wrong(key, keys, accepted);
    if (!wrong.empty()) throw Error(ErrorKind::conflict, "app.another_key", wrong.substr(1));
}

Task<bool> look(sql::Database& database, Keys keys) {
    auto tx = database.begin_engine(sql::Access::read);
    auto before = co_await known(*tx);
    require(before, keys, {});
    if (has_former_secret(before, keys))
        throw Error(
            ErrorKind::conflict, "app.new_key",
            "SECRET_KEY is new to this database; start the program or run `afterresume migrate`, "
            "and it knows it."
        );
    co_return true;
}

// `give_passwords` gives the roles of the database what follows from the secret.
Task<bool> take(
    sql::Database& database, Keys keys, NewKeys accepted, std::function<void()> give_passwords
) {
    auto tx = database.begin_engine(sql::Access::write);
    auto before = co_await known(*tx);
    require(before, keys, accepted);
    std::vector<KeyFingerprint> now{
        {std::string(encryption_name), keys.encryption.front()},
        {std::string(secret_name), keys.secret.front()}
    };
    // Nodes need not be the owner of the table where there is nothing new.
    if (before == now) co_return true;
    // Ahead of the commit: whoever is killed between the two does both again.
    if (has_former_secret(before, keys)) give_passwords();
    for (const auto& key : now) keep(*tx, key);
    co_await tx->commit();
    co_return true;
}

}  // namespace

void require_known_keys(const config::Settings& settings, const std::string& secret) {
    boost::asio::io_context io;
    auto database = open_owners_database(io, settings);
    run_task(io, look(*database, fingerprints_of(settings, secret)));
}

void keep_keys(const config::Settings& settings, const std::string& secret, NewKeys accepted) {
    boost::asio::io_context io;
    auto database = open_owners_database(io, settings);
    auto give_passwords = [&] { give_roles_passwords(settings, secret); };
    run_task(io, take(*database, fingerprints_of(settings, secret), accepted, give_passwords));
}

}  // namespace afterresume::app
