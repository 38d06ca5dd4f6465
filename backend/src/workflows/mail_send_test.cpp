#include "workflows/mail_send.h"

#include "engine/workers/testing.h"

#include <gmock/gmock.h>

namespace afterresume::workflows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Takes mails, unless it is away.
class Letterbox : public mail::Sender {
public:
    Task<void> send(mail::Message message) override {
        tried += 1;
        if (away) throw Error(ErrorKind::unavailable, "mail.away", "Away.");
        taken.push_back(message.to.address + ": " + message.subject);
        co_return;
    }
    bool away = false;
    int tried = 0;
    std::vector<std::string> taken;
};

class MailSendTest : public workers::WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        jobs::JobType type;
        type.name = "mail.send";
        type.queue = jobs::QueueName::delivery;
        workflows.add(std::move(type), std::make_unique<MailSend>(letterbox));
        postbox.carry_with(carry_by(queue));
        subject = open_worker();
    }
    Task<void> posted(bool keep) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        mail::Letter letter{mail::Kind::verification, "ada@example.com", "Ada", "https://x", 24};
        co_await postbox.post(*tx, scratch->alice(), letter);
        if (keep) {
            co_await tx->commit();
        } else {
            co_await tx->rollback();
        }
    }

    Letterbox letterbox;
    mail::Postbox postbox;
};

INSTANTIATE_TEST_SUITE_P(Databases, MailSendTest, sql::both_databases(), sql::dialect_name);

TEST_P(MailSendTest, SendsWhatWasPostedOnce) {
    scratch->run(posted(true));

    work();
    work();

    EXPECT_THAT(letterbox.taken, ElementsAre("ada@example.com: Confirm your e-mail address"));
}

TEST_P(MailSendTest, SendsNothingOfATransactionThatWasRolledBack) {
    scratch->run(posted(false));

    work();

    EXPECT_EQ(letterbox.tried, 0);
}

TEST_P(MailSendTest, TriesAgainWhileTheServerIsAway) {
    letterbox.away = true;
    scratch->run(posted(true));
    work();
    EXPECT_THAT(letterbox.taken, IsEmpty());

    letterbox.away = false;
    clock.advance(std::chrono::minutes(10));
    work();

    EXPECT_EQ(letterbox.tried, 2);
    EXPECT_THAT(letterbox.taken, ElementsAre("ada@example.com: Confirm your e-mail address"));
}

}  // namespace
}  // namespace afterresume::workflows
