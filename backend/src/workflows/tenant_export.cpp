#include "workflows/tenant_export.h"

namespace afterresume::workflows {

namespace {

constexpr std::int64_t rows_at_once = 100;
constexpr std::size_t piece_bytes = 256 << 10;

// What was written and is no full piece yet.
class Document {
public:
    Document(orchestration::Run& run, exports::Service& exports, Id<exports::Export> id)
        : run_(run), exports_(exports), id_(id) {}

    Task<void> write(std::string text) {
        open_ += text;
        while (open_.size() >= piece_bytes) {
            co_await keep(open_.substr(0, piece_bytes));
            open_.erase(0, piece_bytes);
        }
    }
    Task<exports::Export> finish() {
        if (!open_.empty()) co_await keep(std::move(open_));
        auto finish = [&](sql::Tx& tx) { return exports_.finish(tx, run_.scope(), id_); };
        co_return co_await run_.write(finish);
    }

private:
    Task<void> keep(std::string piece) {
        auto append = [&](sql::Tx& tx) { return appended(tx, std::move(piece)); };
        co_await run_.write(append);
    }
    Task<bool> appended(sql::Tx& tx, std::string piece) {
        co_await exports_.append(tx, run_.scope(), id_, number_++, std::move(piece));
        co_return true;
    }

    orchestration::Run& run_;
    exports::Service& exports_;
    Id<exports::Export> id_;
    std::string open_;
    std::int64_t number_ = 0;
};

Task<void> write_table(
    orchestration::Run& run, Document& document, const exports::ExportedTable& table
) {
    co_await document.write(fmt::format("\"{}\":[", table.name));
    bool first = true;
    for (std::optional<std::int64_t> after = -1; after;) {
        auto read = [&](sql::Tx& tx) { return table.rows(tx, run.scope(), *after, rows_at_once); };
        auto rows = co_await run.read(read);
        after = rows.last;
        // The list without its brackets.
        auto items = rows.json.substr(1, rows.json.size() - 2);
        if (!first && !items.empty()) items.insert(0, 1, ',');
        first = first && items.empty();
        co_await document.write(std::move(items));
    }
    co_await document.write("]");
}

}  // namespace

Task<void> TenantExport::run(orchestration::Run& run, NoArgs) {
    auto begin = [&](sql::Tx& tx) { return exports_.begin(tx, run.scope()); };
    Document document(run, exports_, co_await run.write(begin));
    co_await document.write(fmt::format(
        R"({{"format":"afterresume.tenant_export","version":1,"exported_at":"{}","tables":{{)",
        to_text(clock_.now())
    ));
    bool first = true;
    for (const auto& table : exports::exported_tables()) {
        if (!first) co_await document.write(",");
        first = false;
        co_await write_table(run, document, table);
    }
    co_await document.write("}}");
    run.conclude(co_await document.finish());
}

}  // namespace afterresume::workflows
