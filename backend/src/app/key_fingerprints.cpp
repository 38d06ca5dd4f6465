#include "app/key_fingerprints.h"

#include "app/databases.h"
#include "app/keys.h"
#include "app/run_task.h"
#include "infra/crypto/crypto.h"

#include <algorithm>

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

struct Keys {
    std::string secret;
    // The newest first.
    std::vector<std::string> encryption;
};

Keys fingerprints_of(const config::Settings& settings, const std::string& secret) {
    Keys keys{crypto::hex(crypto::subkey(secret, purpose)), {}};
    for (const auto& key : sealing_keys(settings, secret, purpose))
        keys.encryption.push_back(crypto::hex(key));
    return keys;
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
    if (known.name == secret_name && known.fingerprint != keys.secret && !accepted.secret)
        return " SECRET_KEY is not the one that this database knows. Set that one again (where "
               "none is set, it is in DATA_DIR/secret.key); to change it on purpose, stop every "
               "process and run `afterresume migrate --accept-new-secret-key`.";
    auto sealed = std::ranges::find(keys.encryption, known.fingerprint) != keys.encryption.end();
    if (known.name == encryption_name && !sealed && !accepted.encryption)
        return " ENCRYPTION_KEY is not the one that this database is sealed with. Add that one to "
               "ENCRYPTION_KEYS_PREVIOUS (where none was set, it was SECRET_KEY); if it is lost, "
               "give up what it sealed by `afterresume migrate --accept-new-encryption-key`.";
    return {};
}

Task<bool> require(sql::Database& database, Keys keys, std::optional<NewKeys> to_keep) {
    auto tx = database.begin_engine(to_keep ? sql::Access::write : sql::Access::read);
    auto before = co_await known(*tx);
    std::string wrong;
    for (const auto& key : before) wrong += what_is_wrong(key, keys, to_keep.value_or(NewKeys{}));
    if (!wrong.empty()) throw Error(ErrorKind::conflict, "app.another_key", wrong.substr(1));
    std::vector<KeyFingerprint> now{
        {std::string(encryption_name), keys.encryption.front()},
        {std::string(secret_name), keys.secret}
    };
    // Nodes need not be the owner of the table where there is nothing new.
    if (!to_keep || before == now) co_return true;
    for (const auto& key : now) keep(*tx, key);
    co_await tx->commit();
    co_return true;
}

void run(
    const config::Settings& settings, const std::string& secret, std::optional<NewKeys> to_keep
) {
    boost::asio::io_context io;
    auto database = open_owners_database(io, settings);
    run_task(io, require(*database, fingerprints_of(settings, secret), to_keep));
}

}  // namespace

void require_known_keys(const config::Settings& settings, const std::string& secret) {
    run(settings, secret, std::nullopt);
}

void keep_keys(const config::Settings& settings, const std::string& secret, NewKeys accepted) {
    run(settings, secret, accepted);
}

}  // namespace afterresume::app
