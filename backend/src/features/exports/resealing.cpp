#include "features/exports/resealing.h"

#include "features/exports/sealed_piece.h"

namespace afterresume::exports {

namespace {

struct SealedPiece {
    Id<Export> export_id;
    std::int64_t number = 0;
    TenantId tenant_id;
    sql::Blob data;
};
BOOST_DESCRIBE_STRUCT(SealedPiece, (), (export_id, number, tenant_id, data))

constexpr sql::Statement next{"exports.next_sealed", R"sql(
    SELECT export_id, number, tenant_id, data FROM tenant_export_chunk
    WHERE (export_id, number) > (:export_id, :number) ORDER BY export_id, number LIMIT :limit)sql"};
constexpr sql::Statement put{"exports.put_sealed", R"sql(
    UPDATE tenant_export_chunk SET data = :sealed
    WHERE export_id = :export_id AND number = :number AND data = :data)sql"};
// A piece is a quarter of a megabyte.
constexpr std::int64_t bite = 16;

}  // namespace

Task<resealing::Tally> reseal_pieces(
    sql::Database& database, sql::Access access, std::vector<std::string> keys
) {
    auto anew = [&keys](const SealedPiece& row) -> resealing::Anew {
        auto place = place_of(row.tenant_id, row.export_id, row.number);
        auto done = resealing::reseal(keys, row.data.bytes, place);
        return {done.was, sql::Blob{std::move(done.sealed)}};
    };
    co_return co_await resealing::reseal_rows<SealedPiece>(
        database, access, {next, put, bite}, anew
    );
}

}  // namespace afterresume::exports
