#include "home.h"

#include "../../faults/workflows.h"

#include "embedded/migrations.h"
#include "infra/sql/migrations.h"

#include <cstdlib>

namespace afterresume::lives {

namespace {

std::vector<EmbeddedFile> schema() {
    std::vector<EmbeddedFile> files(embedded::migrations().begin(), embedded::migrations().end());
    files.insert(files.end(), {faults::effects, faults::ends_on_sqlite});
    return files;
}

std::filesystem::path new_folder() {
    auto name = (std::filesystem::temp_directory_path() / "afterresume-life-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    return name;
}

}  // namespace

Home::Home() : folder_(new_folder()) { sql::migrate_sqlite(options().file, schema()); }

Home::~Home() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

sql::SqliteOptions Home::options() const {
    sql::SqliteOptions options;
    options.file = folder_ / "life.db";
    options.fences = sql::table_fences(schema());
    options.synchronous_full = false;
    return options;
}

}  // namespace afterresume::lives
