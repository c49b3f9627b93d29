package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// row is a session as it is stored.
type row struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	TokenHash        []byte
	AccountID        uuid.UUID
	Kind             string
	Client           string
	AAL              int    `gorm:"column:aal"`
	AMR              string `gorm:"column:amr"`
	AuthTime         time.Time
	StepUps          string `gorm:"column:stepups"`
	Epoch            int64
	SecurityEpoch    int64
	FactorGeneration int64
	DeviceID         *uuid.UUID
	Host             string
	Network          string
	UserAgent        string
	CreatedAt        time.Time
	LastSeenAt       time.Time
	ExpiresAt        time.Time
	EndedAt          *time.Time
	EndedWhy         string
}

func (row) TableName() string { return "sessions" }

type deviceRow struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	CookieHash  []byte
	UserAgent   string
	FirstSeenAt time.Time
	LastSeenAt  time.Time
}

func (deviceRow) TableName() string { return "devices" }

func (r row) session() Session {
	s := Session{
		ID: r.ID, AccountID: r.AccountID, Kind: r.Kind, AAL: r.AAL, AMR: strings.Fields(r.AMR), AuthTime: r.AuthTime,
		StepUps: r.proven(), Host: r.Host, CreatedAt: r.CreatedAt, LastSeen: r.LastSeenAt, EndsAt: r.ExpiresAt,
	}
	if r.DeviceID != nil {
		s.DeviceID = *r.DeviceID
	}
	return s
}

// proven reads when each method was proven; what cannot be read was never.
func (r row) proven() map[string]time.Time {
	at := map[string]time.Time{}
	if json.Unmarshal([]byte(r.StepUps), &at) != nil {
		return map[string]time.Time{}
	}
	return at
}

func (r *row) stepUp(method string, now time.Time) error {
	at := r.proven()
	at[method] = now
	body, err := json.Marshal(at)
	if err != nil {
		return fmt.Errorf("write step-ups: %w", err)
	}
	amr := strings.Fields(r.AMR)
	if !slices.Contains(amr, method) {
		amr = append(amr, method)
	}
	r.StepUps, r.AMR, r.AAL = string(body), strings.Join(amr, " "), LevelOf(amr)
	return nil
}
