#include "promise.h"

namespace afterresume::contract {

namespace {

constexpr auto ada = Actor::ada;

std::vector<Promise> impossible_changes() {
    return {
        {"Clears no field that an entry must have",
         ada,
         "PATCH",
         "/api/worklogs/{ada.entry}/",
         R"({"content":null,"occurred_on":null,"tags":null,"visibility":null})",
         422,
         {R"("pointer":"/content")", R"("pointer":"/occurred_on")", R"("pointer":"/tags")",
          R"("pointer":"/visibility")"},
         {},
         overwrite},
        {"Clears no field that a skill must have",
         ada,
         "PATCH",
         "/api/skills/{ada.skill}/",
         R"({"name":null,"category":null,"hidden":null,"pinned":null})",
         422,
         {R"("pointer":"/name")", R"("pointer":"/category")", R"("pointer":"/hidden")",
          R"("pointer":"/pinned")"},
         {},
         overwrite},
        {"Clears no field that a report must have",
         ada,
         "PATCH",
         "/api/reports/{ada.report}/",
         R"({"title":null,"theme":null,"status":null,"lines":null})",
         422,
         {R"("pointer":"/title")", R"("pointer":"/theme")", R"("pointer":"/status")",
          R"("pointer":"/lines")"},
         {},
         overwrite},
        {"Clears no field that an account must have",
         ada,
         "PATCH",
         "/api/auth/me/",
         R"({"display_name":null,"time_zone":null,"locale":null})",
         422,
         {R"("pointer":"/display_name")", R"("pointer":"/time_zone")", R"("pointer":"/locale")"},
         {},
         overwrite},
        {"Clears no list and no place of a position",
         ada,
         "PATCH",
         "/api/profile/work/{ada.work}/",
         R"({"highlights":null,"place":null})",
         422,
         {R"("pointer":"/highlights")", R"("pointer":"/place")"},
         {},
         overwrite},
        {"Points at a NUL deep inside an open object",
         ada,
         "PATCH",
         "/api/profile/work/{ada.work}/",
         R"({"extra":{"team":["a","b\u0000"]}})",
         422,
         {R"("pointer":"/extra/team/1")"},
         {},
         overwrite},
        {"Points at a NUL deep inside a JSON Resume",
         ada,
         "POST",
         "/api/resume/import/",
         R"({"x-own":{"team":["a\u0000"]}})",
         422,
         {R"("pointer":"/x-own/team/0")"}},
        {"Takes the other items beside one with a NUL",
         ada,
         "POST",
         "/api/worklogs/bulk/",
         R"({"items":[{"content":"a\u0000"},{"content":"b"}]})",
         200,
         {R"("created":1)", R"("failed":1)"}},
    };
}

std::vector<Promise> strange_versions() {
    return {
        {"Wants to know which version a change is for",
         ada,
         "PATCH",
         "/api/worklogs/{ada.entry}/",
         R"({"title":"a"})",
         428,
         {"request.if_match_missing"}},
        {"Wants to know which version a deletion is for",
         ada,
         "DELETE",
         "/api/worklogs/{ada.entry}/",
         "",
         428,
         {"request.if_match_missing"}},
        {"Changes no version but the one that was seen",
         ada,
         "PATCH",
         "/api/worklogs/{ada.entry}/",
         R"({"title":"a"})",
         412,
         {"request.changed_meanwhile"},
         {},
         {{"if-match", "\"99\""}}},
        {"Takes an If-Match that it never gave as stale",
         ada,
         "PATCH",
         "/api/worklogs/{ada.entry}/",
         R"({"title":"a"})",
         412,
         {},
         {},
         {{"if-match", "\"abc\""}}},
        {"Wants it for a skill", ada, "PATCH", "/api/skills/{ada.skill}/", R"({"hidden":true})", 428
        },
        {"Wants it for the profile", ada, "PATCH", "/api/profile/", R"({"name":"Ada"})", 428},
        {"Wants it for a position", ada, "PATCH", "/api/profile/work/{ada.work}/",
         R"({"name":"Ada"})", 428},
        {"Overwrites whatever is there for a star",
         ada,
         "PATCH",
         "/api/worklogs/{ada.entry}/",
         R"({"title":"a"})",
         200,
         {R"("title":"a")"},
         {},
         overwrite},
    };
}

}  // namespace

class Changes : public PromiseTest {};
TEST_P(Changes, AreMadeOrRefusedAsPromised) { keep(); }

INSTANTIATE_TEST_SUITE_P(
    Engines, Changes, promises({impossible_changes(), strange_versions()}), promise_name
);

}  // namespace afterresume::contract
