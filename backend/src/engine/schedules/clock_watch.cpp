#include "engine/schedules/clock_watch.h"

namespace afterresume::schedules {

ClockWatch::Verdict ClockWatch::look(Timestamp database, Timestamp host, jobs::BootTime boot) {
    auto apart = database > host ? database - host : host - database;
    if (apart > tolerance) return Verdict::apart;
    if (!believed_) believed_ = Sight{database, boot};
    auto ahead = (database - believed_->database) - (boot - believed_->boot);
    bool strange = ahead > tolerance || ahead < -tolerance;
    if (!strange) {
        strange_since_.reset();
        believed_ = Sight{database, boot};
        return Verdict::fine;
    }
    if (!strange_since_) strange_since_ = boot;
    if (boot - *strange_since_ >= settling) {
        strange_since_.reset();
        believed_ = Sight{database, boot};
        return Verdict::fine;
    }
    return ahead > tolerance ? Verdict::jumped : Verdict::fine;
}

}  // namespace afterresume::schedules
