package model_test

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/chat"
	"cigogne/internal/plan/gold"
	"cigogne/internal/plan/lift"
	"cigogne/internal/plan/model"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// TestARealModel measures what a model proposes on public sets of questions,
// before anything judges it. CIGOGNE_TEST_MODEL_URL names its server
// (testdata/local serves a small one), CIGOGNE_TEST_MODEL_EACH how many
// questions of each set are asked (20), CIGOGNE_TEST_MODEL_SETS other sets; -v
// prints each.
func TestARealModel(t *testing.T) {
	url := os.Getenv("CIGOGNE_TEST_MODEL_URL")
	if url == "" {
		t.Skip("CIGOGNE_TEST_MODEL_URL names no server")
	}
	each, err := strconv.Atoi(os.Getenv("CIGOGNE_TEST_MODEL_EACH"))
	if err != nil {
		each = 20
	}
	door, err := warehouse.OpenDoor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	reader, err := table.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	client := chat.New(chat.Server{URL: url, Model: os.Getenv("CIGOGNE_TEST_MODEL_NAME"), Timeout: 30 * time.Minute}, slog.New(slog.DiscardHandler))
	proposer := model.NewProposer(client, door, slog.New(slog.DiscardHandler))
	sets := "../../../../shared/eval/tables/spider_train.jsonl,../../../../shared/eval/tables/fr2_dev.jsonl"
	for set := range strings.SplitSeq(cmp.Or(os.Getenv("CIGOGNE_TEST_MODEL_SETS"), sets), ",") {
		t.Run(filepath.Base(set), func(t *testing.T) {
			questions, err := gold.Load(set)
			if err != nil {
				t.Skipf("no set of questions: %v", err)
			}
			tally := map[string]int{}
			var took []time.Duration
			tokens := 0
			for i := each / 2; i < len(questions); i += max(1, len(questions)/each) {
				q := questions[i]
				got, asked, sql := propose(t, proposer, door, reader, q)
				tally[got]++
				took, tokens = append(took, asked.Elapsed), tokens+asked.Usage.Prompt+asked.Usage.Completion
				t.Logf("%s\t%s\t%.1fs %d+%d tokens\t%s\t%s\twant %s", got, q.ID, asked.Elapsed.Seconds(), asked.Usage.Prompt, asked.Usage.Completion, q.Question, strings.Join(strings.Fields(sql), " "), q.SQL)
			}
			slices.Sort(took)
			t.Logf("%s: %v of %d, p50 %.1f s, %d tokens each", set, tally, len(took), took[len(took)/2].Seconds(), tokens/len(took))
		})
	}
}

// propose asks one question: right, wrong, not lifted, none; said where it must
// be declined.
func propose(t *testing.T, p *model.Proposer, door *warehouse.Door, reader *table.Reader, q gold.Question) (verdict string, asked *model.Asked, sql string) {
	t.Helper()
	parquet := filepath.Join(t.TempDir(), "t.parquet")
	profile, err := reader.Convert(t.Context(), q.Path, parquet, table.Options{Name: filepath.Base(q.Path)})
	if err != nil {
		t.Fatal(err)
	}
	profile.ID, profile.Title = "given", filepath.Base(q.Path)
	db, err := warehouse.OpenTables(t.Context(), []warehouse.Source{{Name: profile.ID, Parquet: parquet}}, warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run := func(ctx context.Context, p *query.Plan) ([][]any, error) {
		c, err := query.Compile(p, func(string) *dataset.Table { return profile })
		if err != nil {
			return nil, err
		}
		r, err := db.Query(ctx, c.SQL, c.Args...)
		if err != nil {
			return nil, err
		}
		return r.Rows, nil
	}
	asked, err = p.Propose(t.Context(), plan.Request{Question: q.Question, Lang: lang.Detect(q.Question), Given: true, Candidates: []plan.Candidate{{Table: profile}}, Run: run})
	if err != nil {
		return "none: " + err.Error(), asked, ""
	}
	first := asked.Proposals[0]
	if first.Plan == nil {
		return "not lifted", asked, first.SQL + " — " + first.Why.Error()
	}
	if q.Kind == "refusal" {
		return "said", asked, first.SQL
	}
	rows, err := run(t.Context(), first.Plan)
	if err != nil {
		t.Errorf("%s: %v", first.SQL, err)
	}
	if q.Right(rows, -1) || likeGold(t, door, profile, run, q, rows) {
		return "right", asked, first.SQL
	}
	return "wrong", asked, first.SQL
}

// likeGold tells whether rows are those of the question's own SQL, lifted as a
// model's is: then they differ from the answer known by which of equals it took.
func likeGold(t *testing.T, door *warehouse.Door, profile *dataset.Table, run plan.Runner, q gold.Question, rows [][]any) bool {
	p, err := lift.New(door, run).Lift(t.Context(), q.SQL, []lift.Table{{Table: profile, Name: q.Name, Columns: q.Columns}})
	if err != nil {
		return false
	}
	p.Ties = p.Limit > 0 && len(p.OrderBy) > 0
	want, err := run(t.Context(), p)
	return err == nil && gold.Question{Kind: "table", Rows: want}.Right(rows, -1)
}
